package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.identity.UserId;
import dev.lockstep.server.demo.Demo;
import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.server.demo.FreePort;
import dev.lockstep.store.Database;
import dev.lockstep.sync.backfill.PersonSync;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The operator's verbs, each as a process of its own, beside a running demo. */
class CommandLineTest {
    @TempDir
    static Path folder;

    @TempDir
    static Path empty;

    private static Demo demo;

    /** What a verb printed and how it ended. */
    private record Ended(int code, String out) {
        List<JsonNode> json() {
            return out.lines().map(line -> JsonMapper.shared().readTree(line)).toList();
        }
    }

    @BeforeAll
    static void startTheDemo() {
        demo = Demo.start(new DemoFolder(folder, new SecureRandom()), FreePort.any(), Map.of());
        new Visitor(demo.address()).signIn("ada@acme.test");
        Database database = new Database(demo.application().getBean(DataSource.class));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> database.<Boolean>read(
                        tx -> tx.sql("""
                        SELECT (SELECT count(*) FROM workos.users) = 4 AND (SELECT count(*) FROM app.accounts) = 1
                          AND NOT EXISTS (SELECT 1 FROM lockstep.inbox WHERE state IN ('new', 'retry'))
                          AND (SELECT max(polled_at) FROM lockstep.cursor) IS NOT NULL
                        """).query(Boolean.class).single()));
    }

    @AfterAll
    static void stopTheDemo() {
        if (demo != null) {
            demo.close();
        }
    }

    private static Ended run(String... words) throws Exception {
        return runIn(folder, words);
    }

    private static Ended runIn(Path data, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--data");
        all.add(data.toString());
        Process process = DemoProcess.java(all.toArray(String[]::new))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), out);
    }

    private static UserId ada() {
        return demo.workOs().truth().users().stream()
                .filter(user -> user.email().equals("ada@acme.test"))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void theDoctorFindsAHealthyDemoHealthy() throws Exception {
        Ended ended = run("doctor");
        assertThat(ended.out())
                .contains(
                        "looking at the demo",
                        "the schema is there",
                        "the Events tail polled",
                        "WorkOS answers",
                        "all well")
                .doesNotContain("WRONG");
        assertThat(ended.code()).isZero();
    }

    @Test
    void amongStrangersTheDoctorAlsoMindsWhoOwnsTheDatabase() throws Exception {
        Ended ended = run("doctor", "--prod");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out())
                .contains("WRONG the database role is a superuser", "1 to mend")
                .doesNotContain("fsync is off", "clocks");
    }

    @Test
    void theDoctorSaysWhatIsMissingWhereThereIsNothing() throws Exception {
        Ended ended = runIn(empty, "doctor");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out()).contains("WRONG WORKOS_API_KEY is missing", "WRONG DATABASE_URL is missing", "to mend");
    }

    @Test
    void theStatusOfAHealthyDemoFitsOnAScreen() throws Exception {
        Ended ended = run("status");
        assertThat(ended.out())
                .contains("mirror   everything up to 2", "tail     reached the end ", ", held by ", "parked   0 events")
                .contains(
                        "webhook within ",
                        "audit ",
                        "notify ",
                        "budget   server ",
                        " of 100 calls/s, ",
                        "never refused")
                .endsWith("all well" + System.lineSeparator());
        assertThat(ended.out().lines().count()).isLessThan(24);
        assertThat(ended.code()).isZero();
    }

    @Test
    void theStatusIsForMachinesTooAndEndsWithOneWhenAnEventIsParked() throws Exception {
        JsonNode well = run("status", "--json").json().getFirst();
        assertThat(well.get("well").asBoolean()).isTrue();
        assertThat(well.get("pollAgeSeconds").asDouble()).isBetween(0.0, 60.0);
        assertThat(well.get("rightsAgeSeconds").asDouble()).isBetween(0.0, 60.0);
        assertThat(well.get("tailHolder").asString()).hasSize(36);
        assertThat(well.get("worries")).isEmpty();
        JsonNode budget = well.get("budgets").get(0);
        assertThat(budget.get("scope").asString()).isEqualTo("environment");
        assertThat(budget.get("fullPerSecond").asDouble()).isEqualTo(100);
        assertThat(budget.get("used").asLong()).isPositive();
        assertThat(budget.get("refusedSecondsAgo").isNull()).isTrue();

        Database database = new Database(demo.application().getBean(DataSource.class));
        database.write(tx -> tx.sql("INSERT INTO lockstep.inbox (event_id, source, sha256, body, state, reason)"
                        + " VALUES ('event_poison', 'webhook', '', '', 'parked', 'poison')")
                .update());
        try {
            Ended ended = run("status", "--json");
            JsonNode status = ended.json().getFirst();
            assertThat(status.get("well").asBoolean()).isFalse();
            assertThat(status.get("parked").asLong()).isEqualTo(1);
            assertThat(status.get("worries").get(0).asString()).startsWith("1 events are parked; see lockstep events");
            assertThat(ended.code()).isEqualTo(1);
        } finally {
            database.write(tx -> tx.sql("DELETE FROM lockstep.inbox WHERE event_id = 'event_poison'")
                    .update());
        }
    }

    @Test
    void aUserIsFoundByIdByAccountAndByEMail() throws Exception {
        JsonNode byEmail = run("user", "show", "ADA@acme.test", "--json").json().getFirst();
        assertThat(byEmail.get("user").asString()).isEqualTo(ada().value());
        assertThat(byEmail.get("name").asString()).isEqualTo("Ada Osei");
        assertThat(byEmail.get("active").asBoolean()).isTrue();
        assertThat(byEmail.get("memberships").asString()).endsWith(":active:owner");
        for (String other : List.of(ada().value(), byEmail.get("account").asString())) {
            JsonNode shown = run("user", "show", other, "--json").json().getFirst();
            assertThat(shown.get("user")).isEqualTo(byEmail.get("user"));
            assertThat(shown.get("memberships")).isEqualTo(byEmail.get("memberships"));
        }
    }

    @Test
    void anUnknownUserEndsWithOne() throws Exception {
        Ended ended = run("user", "show", "nobody@acme.test");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out().strip()).isEqualTo("nothing");
        Ended json = run("user", "show", "nobody@acme.test", "--json");
        assertThat(json.code()).isEqualTo(1);
        assertThat(json.out()).isEmpty();
    }

    @Test
    void whyAUserIsAsTheyAreIsSaidInSentences() throws Exception {
        Ended well = run("user", "show", ada().value());
        assertThat(well.out())
                .contains(ada().value(), "  there, as of ", "newest event event_", "done event_", "(user.created), by ")
                .contains("every event of WorkOS up to ");

        Database database = new Database(demo.application().getBean(DataSource.class));
        database.write(
                tx -> tx.sql("INSERT INTO lockstep.inbox (event_id, event_type, source, sha256, body, state, reason)"
                                + " VALUES ('event_show', 'user.updated', 'webhook', '',"
                                + " convert_to('{\"id\":\"' || :user || '\"}', 'UTF8'), 'parked', 'no room')")
                        .param("user", ada().value())
                        .update());
        try {
            JsonNode json = run("user", "show", ada().value(), "--json").json().getFirst();
            assertThat(json.get("why").valueStream().map(JsonNode::asString).toList())
                    .contains(
                            "PARKED event_show (user.updated): no room; when the cause is gone: parked replay event_show");
        } finally {
            database.write(tx -> tx.sql("DELETE FROM lockstep.inbox WHERE event_id = 'event_show'")
                    .update());
        }

        Ended stranger = run("user", "show", "user_01NEVER");
        assertThat(stranger.code()).isEqualTo(1);
        assertThat(stranger.out())
                .contains("no row: nothing about this user was ever applied here", "no event that names them");
    }

    @Test
    void oneUserIsFetchedFromWorkOsOnDemand() throws Exception {
        Database database = new Database(demo.application().getBean(DataSource.class));
        database.write(
                tx -> tx.sql("UPDATE workos.users SET first_name = 'stale', updated_at = updated_at - interval '1 day'"
                                + " WHERE id = :id")
                        .param("id", ada().value())
                        .update());
        database.write(tx -> tx.sql("DELETE FROM app.profiles").update());
        Ended ended = run("user", "sync", ada().value());
        assertThat(profiles(database)).isEqualTo(1);
        assertThat(ended.out().strip())
                .isEqualTo("merged " + ada().value() + ", with 1 memberships and 1 organizations");
        assertThat(ended.code()).isZero();
        assertThat(run("user", "show", ada().value(), "--json")
                        .json()
                        .getFirst()
                        .get("name")
                        .asString())
                .isEqualTo("Ada Osei");

        database.write(tx -> tx.sql("DELETE FROM app.profiles").update());
        assertThat(demo.application().getBean(PersonSync.class).run(ada())).contains(new PersonSync.Synced(1, 1, 0));
        assertThat(profiles(database)).isEqualTo(1);
    }

    private static long profiles(Database database) {
        return database.<Long>read(tx ->
                tx.sql("SELECT count(*) FROM app.profiles").query(Long.class).single());
    }

    @Test
    void aUserThatWorkOsDoesNotKnowEndsWithOne() throws Exception {
        Ended ended = run("user", "sync", "user_01NOBODY");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).contains("WorkOS knows no user user_01NOBODY");
    }

    @Test
    void theMirrorIsFilledComparedSpoiledAndRepaired() throws Exception {
        Ended filled = run("backfill", "--restart", "--json");
        assertThat(filled.code()).as(filled.out()).isZero();
        JsonNode summary = filled.json().getFirst();
        assertThat(summary.get("complete").asBoolean()).isTrue();
        assertThat(summary.get("seen").asLong()).isGreaterThanOrEqualTo(4);
        assertThat(summary.get("failed").asLong()).isZero();

        Database database = new Database(demo.application().getBean(DataSource.class));
        database.write(tx -> tx.sql("UPDATE workos.organizations SET name = 'spoiled' WHERE name LIKE 'Acme%'")
                .update());
        Ended looked = run("reconcile", "--dry-run", "--json");
        assertThat(looked.code()).isEqualTo(1);
        JsonNode drift = looked.json().getFirst().get("drift").get(0);
        assertThat(drift.get("kind").asString()).isEqualTo("organizations");
        assertThat(drift.get("drift").asString()).isEqualTo("field");
        assertThat(drift.get("fields").asString()).isEqualTo("name");
        assertThat(looked.out()).doesNotContain("spoiled");

        Ended repaired = run("reconcile", "--repair");
        assertThat(repaired.code()).as(repaired.out()).isZero();
        assertThat(repaired.out()).contains("The mirror is right now.", "1 with another value; 1 repaired");
        Ended again = run("reconcile");
        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("The mirror is what WorkOS shows.");
        Ended last = run("reconcile", "--last", "--json");
        assertThat(last.code()).isZero();
        assertThat(last.json().getFirst().get("sound").asBoolean()).isTrue();
        assertThat(last.json().getFirst().get("repairs").asBoolean()).isFalse();
    }

    @Test
    void onlySomeKindsAreFilledAndNothingIsThereToResume() throws Exception {
        Ended some = run("backfill", "--restart", "--only", "memberships", "--lanes", "1");
        assertThat(some.code()).isZero();
        assertThat(some.out()).contains("complete", "comes with the Events tail");
        Ended nothing = run("backfill", "--resume");
        assertThat(nothing.code()).isEqualTo(1);
    }

    @Test
    void eventsAreListedNewestFirstAndShownWithoutTheirBodies() throws Exception {
        List<JsonNode> events = run("events", "list", "--json", "--limit", "5").json();
        assertThat(events).hasSize(5);
        assertThat(events.stream().map(event -> event.get("seq").asLong()).toList())
                .isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(events)
                .allMatch(event -> event.get("state").asString().equals("done")
                        || event.get("state").asString().equals("ignored"));
        String id = events.getFirst().get("event_id").asString();
        Ended shown = run("events", "show", id, "--json");
        assertThat(shown.code()).isZero();
        assertThat(shown.json().getFirst().get("event_id").asString()).isEqualTo(id);
        assertThat(shown.out()).doesNotContain("acme.test", "globex.test");
    }

    @Test
    void eventsAreForPeopleInColumnsToo() throws Exception {
        Ended ended = run("events", "list", "--limit", "3");
        assertThat(ended.code()).isZero();
        assertThat(ended.out().lines().toList())
                .hasSize(4)
                .first()
                .asString()
                .startsWith("seq")
                .contains("event_id", "state");
    }

    @Test
    void onlyTheEventsOfOneStateAreListed() throws Exception {
        assertThat(run("events", "list", "--state", "parked", "--json").out()).isEmpty();
        assertThat(run("events", "show", "event_01NOTHING").code()).isEqualTo(1);
    }

    @Test
    void theDoctorNamesAnEndpointThatIsSwitchedOffOrLeavesEventsOut() throws Exception {
        String url = "http://127.0.0.1:1/api/webhooks/workos";
        String id = JsonMapper.shared()
                .readTree(workOs("POST", "", "{\"endpoint_url\":\"" + url + "\",\"events\":[\"user.created\"]}"))
                .get("id")
                .asString();
        try {
            Ended partial = run("doctor");
            assertThat(partial.out()).contains("WRONG the webhook endpoint " + url + " leaves out ");
            assertThat(partial.code()).isEqualTo(2);
            assertThat(run("doctor", "--prod").out()).contains("WRONG the webhook endpoint " + url + " is plain http");
            workOs("PATCH", "/" + id, "{\"status\":\"disabled\"}");
            assertThat(run("doctor").out()).contains("WRONG the webhook endpoint " + url + " is switched off");
        } finally {
            workOs("DELETE", "/" + id, "");
        }
    }

    private static String workOs(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(demo.workOs().baseUrl() + "/webhook_endpoints" + path))
                .header("Authorization", "Bearer " + demo.workOs().apiKey())
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
            return answer.body();
        }
    }

    @Test
    void theWebhookOfTheDemoIsRegisteredOnceAndPassesItsTest() throws Exception {
        String url = demo.address() + "/api/webhooks/workos";
        Ended registered = run("webhooks", "register", "--url", url, "--json");
        assertThat(registered.out()).contains("\"url\":\"" + url + "\"");
        assertThat(registered.code()).isZero();
        assertThat(run("webhooks", "register", "--url", url, "--json")
                        .json()
                        .getFirst()
                        .get("outcome")
                        .asString())
                .isEqualTo("unchanged");
        assertThat(run("doctor").out()).contains("ok    WorkOS sends webhooks to " + url);
        Ended tested = run("webhooks", "test", "--json");
        assertThat(tested.json()).hasSize(6).allMatch(check -> check.get("ok").asBoolean());
        assertThat(tested.code()).isZero();
    }

    @Test
    void withoutADemoAndWithoutADatabaseAVerbSaysWhatToDo() throws Exception {
        Process process = DemoProcess.java("events", "list", "--data", empty.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(said).contains("set DATABASE_URL, or start the demo").doesNotContain("\tat ");
    }
}
