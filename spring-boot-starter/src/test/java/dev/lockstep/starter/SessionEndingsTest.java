package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.ApiKey;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsSettings;
import dev.lockstep.workos.authentication.SessionsApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is kept about sessions beside the mirror: who still has to be told of an end, and when each was last used. */
class SessionEndingsTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("starter_sessions", Migrations::migrate);

    private final List<String> told = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private HttpServer workos;
    private WorkOsClient client;
    private Database database;
    private SessionRevoker revoker;

    @BeforeEach
    void start() throws IOException {
        database = new Database(postgres.dataSource());
        workos = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        workos.createContext("/user_management/sessions/revoke", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = (status == 404 ? "{\"code\":\"entity_not_found\"}" : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        workos.start();
        var settings = WorkOsSettings.of(new ApiKey("sk_test_key"), "client_test")
                .withBaseUrl(
                        URI.create("http://127.0.0.1:" + workos.getAddress().getPort()));
        client = WorkOsClient.open(settings, RateBudget.forEnvironment(), InstantSource.system(), new Random(1));
        revoker = new SessionRevoker(database, new SessionsApi(client));
    }

    @AfterEach
    void stop() {
        client.close();
        workos.stop(0);
    }

    @Test
    void workOsIsToldOnceOfASessionThatIsDueAndNotBefore() {
        due("session_1", 0);
        due("session_2", 60);
        assertThat(revoker.round()).isOne();
        assertThat(revoker.round()).isZero();
        assertThat(told).containsExactly("{\"session_id\":\"session_1\"}");
        assertThat(waiting()).containsExactly("session_2 0");
    }

    @Test
    void aSessionThatWorkOsDoesNotKnowIsJustAsOver() {
        status = 404;
        due("session_1", 0);
        assertThat(revoker.round()).isOne();
        assertThat(waiting()).isEmpty();
    }

    @Test
    void anEndThatCannotBeToldIsTriedAgainLaterAndGivenUpAfterTwentyAttempts() {
        status = 401;
        due("session_1", 0);
        for (int attempt = 1; attempt <= 20; attempt++) {
            assertThat(revoker.round()).isZero();
            assertThat(waiting()).containsExactly("session_1 " + attempt);
            assertThat(revoker.round()).isZero();
            makeDue();
        }
        int asked = told.size();
        assertThat(revoker.round()).isZero();
        assertThat(told).hasSize(asked);
    }

    @Test
    void aSightingIsWrittenOnceInFiveMinutesAndTheNewestWins() {
        SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
        List<UserId> lost = new CopyOnWriteArrayList<>();
        UserId user = new UserId("user_1");
        var sightings = new SessionSightings(database, clock, lost::add);
        sightings.seen(new SessionId("session_1"), user, "203.0.113.1", "Firefox\u0000\r\n/131");
        sightings.seen(new SessionId("session_1"), user, "203.0.113.2", "Chrome");
        sightings.seen(new SessionId("session_2"), user, null, null);
        assertThat(sightings.write()).isEqualTo(2);
        assertThat(seen()).containsExactly("session_1 203.0.113.1 Firefox/131 10:00", "session_2 null null 10:00");

        clock.advance(Duration.ofSeconds(299));
        sightings.seen(new SessionId("session_1"), user, "203.0.113.2", "Chrome");
        assertThat(sightings.write()).isZero();
        clock.advance(Duration.ofSeconds(1));
        sightings.seen(new SessionId("session_1"), user, "203.0.113.2", "Chrome");
        assertThat(sightings.write()).isOne();
        assertThat(seen()).first().isEqualTo("session_1 203.0.113.2 Chrome 10:05");
        assertThat(lost).as("nobody has rows here").containsExactly(user, user);
    }

    @Test
    void whoIsSignedInAndHasLostTheirRowsIsNamedAndAFailureHarmsNobodyElse() {
        database.write(tx -> tx.sql("""
                        INSERT INTO workos.users (id, raw, source, deleted_at) VALUES ('user_whole', '{}', 'tail', NULL),
                          ('user_profileless', '{}', 'tail', NULL), ('user_gone', '{}', 'tail', now())""").update());
        database.write(tx -> tx.sql("INSERT INTO app.accounts (workos_user_id) VALUES ('user_whole')")
                .update());
        database.write(tx -> tx.sql("INSERT INTO app.profiles (account_id, workos_user_id)"
                        + " SELECT id, workos_user_id FROM app.accounts WHERE workos_user_id = 'user_whole'")
                .update());
        List<String> lost = new CopyOnWriteArrayList<>();
        var sightings = new SessionSightings(database, SettableClock.at("2026-11-21T10:00:00Z"), user -> {
            lost.add(user.value());
            throw new IllegalStateException("WorkOS does not answer");
        });
        for (String user : List.of("user_whole", "user_profileless", "user_gone", "user_rowless")) {
            sightings.seen(new SessionId("session_of_" + user), new UserId(user), null, null);
        }
        assertThat(sightings.write()).isEqualTo(4);
        assertThat(lost).containsExactlyInAnyOrder("user_profileless", "user_rowless");
    }

    @Test
    void theCurrentSessionStandsFirstThenTheOneUsedLastAndEndedOnesNotAtAll() {
        for (String id : List.of("session_1", "session_2", "session_3", "session_4")) {
            mirror(id, "user_1", id.equals("session_3") ? "org_2" : "org_1");
        }
        mirror("session_9", "user_2", "org_1");
        database.write(tx -> tx.sql("INSERT INTO lockstep.session_seen VALUES ('session_3', now(), '203.0.113.3', 'x'),"
                        + " ('session_4', now() - interval '1 hour', null, null)")
                .update());
        database.write(tx -> tx.sql("INSERT INTO lockstep.ended_session (session_id) VALUES ('session_2')")
                .update());
        var sessions = new OwnSessions(database);
        UserId user = new UserId("user_1");

        assertThat(sessions.list(user, null, new SessionId("session_1")))
                .extracting(entry -> entry.id().value())
                .containsExactly("session_1", "session_3", "session_4");
        assertThat(sessions.list(user, new dev.lockstep.identity.OrganizationId("org_1"), null))
                .extracting(entry -> entry.id().value())
                .containsExactly("session_4", "session_1");
        assertThat(sessions.belongsTo(new SessionId("session_9"), user)).isFalse();
        assertThat(sessions.belongsTo(
                        new SessionId("session_3"), user, new dev.lockstep.identity.OrganizationId("org_1")))
                .isFalse();
    }

    private void mirror(String id, String user, String organization) {
        database.write(tx -> tx.sql("""
                        INSERT INTO workos.sessions (id, user_id, organization_id, created_at, updated_at, raw, source)
                        VALUES (:id, :user, :organization, now() - interval '1 day', now() - interval '1 day', '{}', 'login')
                        """)
                .param("id", id)
                .param("user", user)
                .param("organization", organization)
                .update());
    }

    private void due(String session, int seconds) {
        database.write(tx -> tx.sql("INSERT INTO lockstep.session_to_revoke (session_id, tell_at)"
                        + " VALUES (:session, clock_timestamp() + make_interval(secs => :seconds))")
                .param("session", session)
                .param("seconds", (double) seconds)
                .update());
    }

    private void makeDue() {
        database.write(tx -> tx.sql("UPDATE lockstep.session_to_revoke SET tell_at = clock_timestamp()")
                .update());
    }

    private List<String> waiting() {
        return database.read(tx -> tx.sql("SELECT session_id || ' ' || attempts FROM lockstep.session_to_revoke")
                .query(String.class)
                .list());
    }

    private List<String> seen() {
        return database.read(tx -> tx.sql("SELECT concat_ws(' ', session_id, coalesce(ip_address, 'null'),"
                        + " coalesce(user_agent, 'null'), to_char(seen_at AT TIME ZONE 'UTC', 'HH24:MI'))"
                        + " FROM lockstep.session_seen ORDER BY session_id")
                .query(String.class)
                .list());
    }
}
