package dev.lockstep.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.webhook.WebhookSecret;
import dev.lockstep.workos.webhook.WebhookSignature;
import dev.lockstep.workos.webhook.WebhookVerdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verbs for events: what they print, what they change, and how they end. */
final class EventVerbsTest {
    private static final String SECRET = "whsec_of_the_test";

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("verbs", Migrations::migrate);

    @TempDir
    Path folder;

    private final Database database = new Database(postgres.dataSource());
    private final Inbox inbox = new Inbox(database, new EventDecoder(), () -> {});
    private final InboxDrain drain =
            new InboxDrain(database, new Projector(), DrainSettings.defaults(), new Random(1), () -> {});
    private final WebhookSignature signature =
            new WebhookSignature(List.of(new WebhookSecret(SECRET)), InstantSource.system());
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final List<String> endpoints = new CopyOnWriteArrayList<>();
    private HttpServer other;

    /** What a verb printed and how it ended. */
    private record Ended(int code, String out, String err) {
        JsonNode json() {
            return lines().getFirst();
        }

        List<JsonNode> lines() {
            return out.lines().map(line -> JsonMapper.shared().readTree(line)).toList();
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/hook", this::takeWebhook);
        other.createContext("/webhook_endpoints", this::endpoints);
        other.start();
        DemoFolder notes = new DemoFolder(folder, new SecureRandom());
        notes.prepare();
        notes.note("database.url", postgres.jdbcUrl());
        notes.note("database.username", postgres.username());
        notes.note("database.password", postgres.password());
        notes.note("address", address());
        notes.note("workos.url", address());
        notes.note("workos.api-key", "sk_test_verbs");
        notes.note("workos.client-id", "client_verbs");
        notes.note("workos.webhook-secret", SECRET);
        receive("event_1", "user.created", "u1");
        receive("event_2", "user.created", "u2");
        receive("event_3", "crystal.ball.created", "u3");
        drain.drainOnce();
    }

    @AfterEach
    void stop() {
        other.stop(0);
    }

    private String address() {
        return "http://127.0.0.1:" + other.getAddress().getPort();
    }

    private void receive(String id, String type, String user) {
        inbox.receive(
                ("{\"id\":\"" + id + "\",\"event\":\"" + type
                                + "\",\"created_at\":\"2026-03-01T10:00:00Z\",\"data\":{\"id\":\"" + user
                                + "\",\"email\":\"secret@acme.test\",\"updated_at\":\"2026-03-01T10:00:00Z\"}}")
                        .getBytes(StandardCharsets.UTF_8),
                Source.WEBHOOK);
    }

    private void park(String event, String reason) {
        database.write(tx -> tx.sql("UPDATE lockstep.inbox SET state = 'parked', reason = :reason WHERE event_id = :id")
                .param("reason", reason)
                .param("id", event)
                .update());
    }

    private String state(String event) {
        return database.read(
                tx -> tx.sql("SELECT state || CASE WHEN quiet THEN ' quiet' ELSE '' END FROM lockstep.inbox"
                                + " WHERE event_id = :id")
                        .param("id", event)
                        .query(String.class)
                        .single());
    }

    private Ended run(String... words) {
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(List.of("--data", folder.toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = LockstepCommand.line();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return new Ended(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    @Test
    void theInboxIsCountedByStateAndEndsWithOneWhileSomethingIsParked() {
        Ended well = run("inbox", "--json");
        assertThat(well.code()).isZero();
        assertThat(well.lines()).hasSize(2);
        assertThat(well.json().get("state").asString()).isEqualTo("done");
        assertThat(well.json().get("events").asInt()).isEqualTo(2);

        park("event_1", "applying failed with X (attempt 8 of 8)");
        park("event_2", "applying failed with X (attempt 7 of 8)");
        Ended parked = run("inbox");
        assertThat(parked.code()).isOne();
        assertThat(parked.out())
                .containsPattern("parked +2 .*applying failed with X")
                .doesNotContain("attempt");
    }

    @Test
    void parkedEventsAreListedAndShownWithoutAnythingPersonal() {
        park("event_1", "SQLSTATE P0001");

        Ended listed = run("parked", "list", "--json");
        assertThat(listed.json().get("event_id").asString()).isEqualTo("event_1");
        assertThat(run("parked", "list", "--reason", "22021").out()).isEqualTo("nothing\n");
        Ended shown = run("parked", "show", "event_1");
        assertThat(shown.code()).isZero();
        assertThat(shown.out()).contains("user.created", "u1").doesNotContain("acme");
        assertThat(run("parked", "show", "event_2").code()).isOne();
    }

    @Test
    void aReplayIsSilentUnlessAskedAndNeverMeansEverythingByAccident() {
        park("event_1", "SQLSTATE P0001");
        park("event_2", "SQLSTATE 22021");

        assertThat(run("parked", "replay").code()).isEqualTo(2);
        assertThat(run("parked", "replay", "event_1", "--all").code()).isEqualTo(2);
        assertThat(run("parked", "replay", "event_9").err()).contains("SYNC_NOT_PARKED");

        Ended one = run("parked", "replay", "--reason", "P0001", "--json");
        assertThat(one.out()).isEqualTo("{\"replayed\":1}\n");
        assertThat(state("event_1")).isEqualTo("new quiet");
        assertThat(run("parked", "replay", "event_2", "--with-side-effects").code())
                .isZero();
        assertThat(state("event_2")).isEqualTo("new");
        assertThat(run("parked", "replay", "--all").code())
                .as("none is parked any more")
                .isOne();
    }

    @Test
    void discardingNeedsAReason() {
        park("event_1", "SQLSTATE P0001");

        assertThat(run("parked", "discard", "event_1").code()).isEqualTo(2);
        assertThat(run("parked", "discard", "--from", "1h", "--because", "a test")
                        .out())
                .isEqualTo("discarded 1\n");
        assertThat(state("event_1")).isEqualTo("ignored");
    }

    @Test
    void whatListenersWereNotToldIsListedReplayedAndDiscarded() {
        database.write(
                tx -> tx.sql("INSERT INTO lockstep.outbox (listener, key, type, subject, occurred_at, state, reason)"
                                + " VALUES ('mail', 'k1', 'user.created', 'u1', now(), 'parked', 'failed'),"
                                + " ('mail', 'k2', 'user.created', 'u2', now(), 'parked', 'failed')")
                        .update());

        assertThat(run("inbox").code()).isOne();
        assertThat(run("parked", "list", "--tellings", "--json").lines()).hasSize(2);
        assertThat(run("parked", "replay", "k1", "--tellings", "mail").out()).isEqualTo("replayed 1\n");
        assertThat(run("parked", "discard", "--all", "--tellings", "mail", "--because", "late")
                        .out())
                .isEqualTo("discarded 1\n");
        assertThat(run("parked", "replay", "--all", "--tellings", "mail").code())
                .isOne();
    }

    @Test
    void finishedEventsAreAppliedAgainByTimeTypeAndState() {
        assertThat(run("replay").code()).isEqualTo(2);
        assertThat(run("replay", "--all", "--state", "lost").code()).isEqualTo(2);
        assertThat(run("replay", "--from", "soon").err()).contains("is no time");

        JsonNode dry = run("replay", "--all", "--dry-run", "--json").json();
        assertThat(dry.get("replayable").asInt()).isEqualTo(3);
        assertThat(dry.get("replayed").asInt()).isZero();
        assertThat(run("replay", "--from", "1h", "--type", "user.created", "--json")
                        .json()
                        .get("replayed")
                        .asInt())
                .isEqualTo(2);
        assertThat(state("event_1")).isEqualTo("new quiet");
        assertThat(state("event_3")).isEqualTo("ignored");
        assertThat(run("replay", "--to", "2020-01-01").code()).isOne();
    }

    @Test
    void theTailPrintsEventsAsTheyComeAndEndsAtItsLimit() {
        Ended tail = run("events", "tail", "--last", "2", "--limit", "2", "--json");
        assertThat(tail.code()).isZero();
        assertThat(tail.lines().stream().map(line -> line.get("event_id").asString()))
                .containsExactly("event_2", "event_3");
        assertThat(run("events", "tail", "--last", "1", "--limit", "1").out())
                .contains("crystal.ball.created", "event_3")
                .doesNotContain("acme");
    }

    @Test
    void recordedEventsAreForwardedInTheirOrderAndSigned() {
        Ended all = run("webhooks", "forward", "--url", address() + "/hook", "--json");
        assertThat(all.code()).isZero();
        assertThat(all.json().get("delivered").asInt()).isEqualTo(3);
        assertThat(taken).containsExactly("event_1", "event_2", "event_3");

        taken.clear();
        Ended some = run("webhooks", "forward", "--url", address() + "/hook", "--after", "1", "--limit", "1", "--json");
        assertThat(taken).containsExactly("event_2");
        assertThat(some.json().get("go_on_after").asInt()).isEqualTo(2);

        Ended refused = run("webhooks", "forward", "--url", address() + "/hook", "--secret", "another");
        assertThat(refused.code()).isOne();
        assertThat(refused.out()).contains("event_1 was not taken", "401");
        assertThat(run("webhooks", "forward", "--url", address() + "/hook", "--event", "event_9")
                        .code())
                .isOne();
    }

    @Test
    void registeringTwiceMakesOneEndpointAndHidesTheSecretUnlessAsked() {
        Ended first = run("webhooks", "register", "--url", "https://app.test/hook", "--json");
        assertThat(first.code()).isZero();
        assertThat(first.json().get("outcome").asString()).isEqualTo("registered");
        assertThat(first.out()).doesNotContain("whsec_made");
        Ended again = run("webhooks", "register", "--url", "https://app.test/hook", "--show-secret", "--json");
        assertThat(again.json().get("outcome").asString()).isEqualTo("unchanged");
        assertThat(again.json().get("secret").asString()).isEqualTo("whsec_made");
        assertThat(endpoints).hasSize(1);
        assertThat(run("webhooks", "register", "--url", "nowhere").code()).isEqualTo(2);
    }

    @Test
    void theTestOfTheEndpointFindsWhatIsMissing() {
        Ended unknown = run("webhooks", "test", "--url", address() + "/hook", "--json");
        assertThat(unknown.code()).isOne();
        assertThat(unknown.json().get("ok").asBoolean()).isFalse();
        assertThat(unknown.out()).contains("webhooks register");

        run("webhooks", "register", "--url", address() + "/hook");
        Ended known = run("webhooks", "test", "--url", address() + "/hook", "--json");
        assertThat(known.lines().stream()
                        .filter(check -> !check.get("check").asString().startsWith("stored")))
                .hasSize(5)
                .allMatch(check -> check.get("ok").asBoolean());
        // The endpoint of this test keeps nothing in an inbox.
        assertThat(known.lines().getLast().get("ok").asBoolean()).isFalse();
        assertThat(known.code()).isOne();
    }

    private void takeWebhook(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            List<String> header = exchange.getRequestHeaders().getOrDefault(WebhookSignature.HEADER, List.of());
            boolean genuine = signature.verify(body, header) instanceof WebhookVerdict.Verified;
            if (genuine) {
                taken.add(JsonMapper.shared().readTree(body).get("id").asString());
            }
            exchange.sendResponseHeaders(genuine ? 200 : 401, -1);
        }
    }

    private void endpoints(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode asked =
                    JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
            String answer;
            if (exchange.getRequestMethod().equals("POST")) {
                answer =
                        "{\"id\":\"we_1\",\"endpoint_url\":" + asked.get("endpoint_url") + ",\"secret\":\"whsec_made\","
                                + "\"status\":\"enabled\",\"events\":" + asked.get("events") + "}";
                endpoints.add(answer);
            } else {
                answer = "{\"data\":[" + String.join(",", endpoints) + "],\"list_metadata\":{\"after\":null}}";
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
