package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.server.demo.Demo;
import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.server.demo.FreePort;
import dev.lockstep.store.Database;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server with sessions kept in PostgreSQL: the browser holds a reference, and no token at all. */
class ServerSideSessionTest {
    @TempDir
    static Path folder;

    private static Demo demo;

    @BeforeAll
    static void start() {
        demo = Demo.start(
                new DemoFolder(folder, new SecureRandom()),
                FreePort.any(),
                Map.of("lockstep.session.on-server", "always"));
    }

    @AfterAll
    static void stop() {
        demo.close();
    }

    @Test
    void signingInRenewingAndSigningOutWorkWithAReference() {
        Visitor visitor = new Visitor(demo.address()).signIn("ada@acme.test");
        String first = visitor.cookies.get(Visitor.SESSION);
        assertThat(first).startsWith("lsr1.").hasSizeLessThan(700);
        assertThat(visitor.me().at("/user/email").asString()).isEqualTo("ada@acme.test");
        assertThat(rows()).hasSize(1);

        String token = visitor.accessToken();
        assertThat(visitor.postAsPage("/api/auth/token?force=true", "{}").statusCode())
                .isEqualTo(200);
        assertThat(visitor.accessToken()).isNotEqualTo(token);
        assertThat(visitor.cookies.get(Visitor.SESSION)).startsWith("lsr1.").isNotEqualTo(first);
        assertThat(rows()).hasSize(1);
        assertThat(new String(rows().getFirst(), StandardCharsets.ISO_8859_1)).doesNotContain("ada@", "user_", token);

        String last = visitor.cookies.get(Visitor.SESSION);
        assertThat(visitor.postAsPage("/api/auth/logout", "{}").statusCode()).isIn(200, 303);
        assertThat(rows()).isEmpty();
        assertThat(new Visitor(demo.address())
                        .withCookies("/api/auth/me", Visitor.SESSION + "=" + last)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void aProgramWhoseSessionCannotBeStoredIsToldWhenToTryAgain() {
        Visitor visitor = new Visitor(demo.address());
        String back = visitor.approvedAt(visitor.begin("/dashboard"), "ben@acme.test");
        sql("ALTER TABLE lockstep.stored_session RENAME TO stored_session_away");
        HttpResponse<String> answer;
        try {
            answer = visitor.get(back, "Accept", "application/json");
        } finally {
            sql("ALTER TABLE lockstep.stored_session_away RENAME TO stored_session");
        }
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"code\":\"session_not_stored\"");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(visitor.cookies).doesNotContainKey(Visitor.SESSION);
    }

    private static void sql(String statement) {
        new Database(demo.application().getBean(DataSource.class))
                .<Integer>write(tx -> tx.sql(statement).update());
    }

    private static List<byte[]> rows() {
        return new Database(demo.application().getBean(DataSource.class))
                .read(tx -> tx.sql("SELECT sealed FROM lockstep.stored_session")
                        .query(byte[].class)
                        .list());
    }
}
