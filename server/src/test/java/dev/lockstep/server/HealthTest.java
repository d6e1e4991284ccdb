package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.server.demo.Demo;
import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.server.demo.FreePort;
import dev.lockstep.store.Database;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The health of a node whose mirror lags for good: nobody reads the tail and nothing is applied. */
class HealthTest {
    @TempDir
    static Path folder;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Demo demo;
    private static URI management;

    private record Answer(int status, JsonNode body) {}

    @BeforeAll
    static void startANodeThatDoesNotSync() {
        int port = FreePort.any();
        management = URI.create("http://127.0.0.1:" + port);
        demo = Demo.start(
                new DemoFolder(folder, new SecureRandom()),
                FreePort.any(),
                Map.of("management.server.port", port, "lockstep.sync.enabled", "false"));
        new Database(demo.application().getBean(DataSource.class))
                .write(tx -> tx.sql("INSERT INTO lockstep.inbox (event_id, source, sha256, body, received_at)"
                                + " VALUES ('event_old', 'webhook', '', '', now() - interval '1 day')")
                        .update());
    }

    @AfterAll
    static void stop() {
        if (demo != null) {
            demo.close();
        }
    }

    @Test
    void aLaggingFleetStaysInService() throws Exception {
        Answer all = get(management, "/actuator/health");
        assertThat(all.status()).isEqualTo(200);
        assertThat(all.body().get("status").asString()).isEqualTo("DEGRADED");
        JsonNode sync = all.body().get("components").get("lockstepSync");
        assertThat(sync.get("status").asString()).isEqualTo("DEGRADED");
        assertThat(sync.get("details").get("inboxOldestSeconds").asLong()).isGreaterThan(80_000);
        assertThat(sync.get("details").get("worries").toString())
                .contains("the Events tail has not reached the end for ever and no node holds its lease");

        Answer ready = get(management, "/actuator/health/readiness");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.body().get("status").asString()).isEqualTo("UP");
        assertThat(ready.body().get("components").propertyNames())
                .containsExactlyInAnyOrder("readinessState", "lockstepDatabase");
    }

    @Test
    void livenessAsksForTheProcessAndNothingElse() throws Exception {
        Answer alive = get(management, "/actuator/health/liveness");
        assertThat(alive.status()).isEqualTo(200);
        assertThat(alive.body().get("components").propertyNames()).containsExactly("livenessState");
    }

    @Test
    void theShortAnswerIsForLoadBalancers() throws Exception {
        Answer health = get(demo.address(), "/health");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body().get("status").asString()).isEqualTo("healthy");
    }

    @Test
    void theMetersAreServedWhereTheHealthIs() throws Exception {
        Answer pending = get(management, "/actuator/metrics/lockstep.inbox.pending");
        assertThat(pending.status()).isEqualTo(200);
        assertThat(pending.body().get("measurements").get(0).get("value").asDouble())
                .isPositive();
        assertThat(get(management, "/actuator/metrics/lockstep.rights.decided").status())
                .isEqualTo(200);
    }

    @Test
    void aPageOfTheConsoleShowsConnectionsRunTimesAndResultsOfFunctions() throws Exception {
        var asked = HttpRequest.newBuilder(demo.address().resolve("/api/query"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"path\":\"users:me\",\"args\":{},\"format\":\"json\"}"))
                .build();
        assertThat(HTTP.send(asked, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
        Answer page = get(management, "/actuator/lockstep");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body().get("live").asBoolean()).isTrue();
        assertThat(page.body().get("connections").asInt()).isZero();
        assertThat(page.body().get("functions")).anySatisfy(one -> {
            assertThat(one.get("name").asString()).isEqualTo("users:me");
            assertThat(one.get("kind").asString()).isEqualTo("QUERY");
            assertThat(one.get("done").asLong()).isPositive();
            assertThat(one.get("failed").asLong()).isZero();
            assertThat(one.get("slowestMs").asDouble())
                    .isGreaterThanOrEqualTo(one.get("meanMs").asDouble());
        });
    }

    @Test
    void thePortOfTheApplicationShowsNoneOfIt() throws Exception {
        assertThat(get(demo.address(), "/actuator/health").status()).isEqualTo(404);
        assertThat(get(demo.address(), "/actuator/metrics").status()).isEqualTo(404);
        assertThat(get(demo.address(), "/actuator/lockstep").status()).isEqualTo(404);
    }

    private static Answer get(URI from, String path) throws IOException, InterruptedException {
        HttpResponse<String> response =
                HTTP.send(HttpRequest.newBuilder(from.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), JsonMapper.shared().readTree(response.body()));
    }
}
