package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.lockstep.workosdouble.NewUser;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** What the log says of one person's visit: a line for each thing that happened, with ids and without anything personal. */
class LogTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private final Logger ours = (Logger) LoggerFactory.getLogger("dev.lockstep.starter");
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage() + " " + event.getKeyValuePairs());
        }
    };
    private Level before;

    @BeforeEach
    void listen() {
        before = ours.getLevel();
        ours.setLevel(Level.DEBUG);
        appender.start();
        ours.addAppender(appender);
    }

    @AfterEach
    void stop() {
        ours.detachAppender(appender);
        ours.setLevel(before);
    }

    @Test
    void aVisitIsALineForEachThingThatHappenedAndNothingPersonal() {
        String user = demo.demo()
                .workOs()
                .createUser(NewUser.named("lina@log.test", "Lina", "Logworthy"))
                .value();
        demo.settled();
        Visitor lina = demo.visitor().signIn("lina@log.test");
        String session = lina.sessionId();
        String cookie = lina.cookies.get(Visitor.SESSION);
        String token = lina.accessToken();
        assertThat(lina.postAsPage("/api/v1/me/name", "{\"firstName\":\"Lena\",\"lastName\":\"Logworthy\"}")
                        .statusCode())
                .isEqualTo(200);
        demo.database()
                .write(tx -> tx.sql("UPDATE app.profiles SET bio = 'Personal words'" + " WHERE workos_user_id = :user")
                        .param("user", user)
                        .update());
        assertThat(lina.postAsPage("/api/auth/logout", "{}").statusCode()).isIn(200, 303);

        says("auth.login.succeeded user=" + user + " session=" + session);
        says("sync.rows.changed table=users ", user);
        says("profile.changed changed=1 ids=" + user);
        says("auth.logout user=" + user + " session=" + session);
        says("request.done route=\"POST /api/v1/me/name\" status=200 user=" + user);
        assertThat(String.join("\n", lines))
                .doesNotContain("lina@log.test", "Lina", "Lena", "Logworthy", "Personal words", cookie, token);
    }

    @Test
    void theAuditLogKnowsWhoSignedInAndOutFromWhereAndWithWhat() {
        demo.demo().workOs().createUser(NewUser.named("omar@log.test", "Omar", "Audited"));
        demo.settled();
        Visitor omar = demo.visitor().signIn("omar@log.test");
        String session = omar.sessionId();
        String user = omar.me().at("/user/id").asString();
        assertThat(omar.postAsPage("/api/auth/logout", "{}").statusCode()).isIn(200, 303);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(signInLog(session))
                        .containsExactly(
                                "auth.login " + user + " " + user + " true true",
                                "auth.logout " + user + " " + user + " true true"));
        String recorded = demo.database()
                .read(tx -> tx.sql("SELECT actor || action || target || details::text FROM app.audit_log"
                                + " WHERE target = :target AND action = 'auth.login'")
                        .param("target", "session:" + session)
                        .query(String.class)
                        .single());
        assertThat(recorded).contains("Password").doesNotContain("127.0.0.1", "Java", "omar@log.test");
    }

    private static List<String> signInLog(String session) {
        return demo.database()
                .read(tx -> tx.sql("SELECT action || ' ' || actor || ' ' || coalesce(workos_user_id, '-') || ' '"
                                + " || (ip_address IN ('127.0.0.1', '0:0:0:0:0:0:0:1', '::1')) || ' '"
                                + " || (user_agent LIKE 'Java-http-client%') FROM app.sign_in_log"
                                + " WHERE session_id = :session ORDER BY at")
                        .param("session", session)
                        .query(String.class)
                        .list());
    }

    private void says(String... parts) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(lines)
                        .as(String.join(" and ", parts))
                        .anySatisfy(line -> assertThat(line).contains(parts)));
    }
}
