package dev.lockstep.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.lockstep.store.Database;
import dev.lockstep.workosdouble.DoubleSettings;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * kill -9 at the worst moments: started again on the same folder, nothing acknowledged is lost, sessions hold, and an
 * open page recovers without being touched.
 */
class KillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String EMAIL = "ada@acme.test";

    @TempDir
    static Path folder;

    private static Browser browser;
    private static DemoProcess demo;
    private static String webhookSecret;
    private static Page page;
    private static Visitor visitor;

    @BeforeAll
    static void openAPage() throws Exception {
        browser = Browser.start();
        demo = new DemoProcess(folder);
        demo.notes().prepare();
        try (WorkOsDouble first = WorkOsDouble.start(
                DoubleSettings.builder().folder(demo.notes().workOs()).build())) {
            webhookSecret = first.webhookSecret();
        }
        demo.start();
        visitor = new Visitor(demo.address()).signIn(EMAIL);
        page = browser.window().newPage();
        page.navigate(demo.address() + "/login?returnTo=/dashboard");
        page.getByTestId("persona-" + EMAIL).click();
        page.locator("button.primary").first().click();
        page.waitForURL(Pattern.compile(".*/dashboard"));
        assertThat(page.getByTestId("user-email").first()).hasText(EMAIL);
        page.evaluate("window.neverReloaded = true");
    }

    @AfterAll
    static void stopEverything() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (demo != null) {
            demo.close();
        }
    }

    private static LiveSocket socket() {
        return LiveSocket.open(demo.address()).authenticate(visitor.accessToken());
    }

    /** Changes the bio and returns when the server has said that it is done. */
    private static void acknowledgedBio(String bio) {
        try (LiveSocket socket = socket()) {
            socket.mutate(0, "profiles:update", "{\"bio\":\"" + bio + "\"}");
            await().until(() -> socket.answer(0).isPresent());
            assertThat(socket.answer(0).orElseThrow().get("success").asBoolean())
                    .isTrue();
        }
    }

    private static Database database() {
        return new Database(demo.database());
    }

    private static String one(String sql) {
        return database().read(tx -> tx.sql(sql).query(String.class).single());
    }

    private static String bioInTheDatabase() {
        return one(
                "SELECT coalesce(p.bio, '') FROM app.profiles p JOIN workos.users u ON u.id = p.workos_user_id WHERE u.email = '"
                        + EMAIL + "'");
    }

    /** The page shows it, was not loaded anew, follows what happens from now on, and the sessions still hold. */
    private static void isWhole(String bio) {
        shows("bio", bio);
        assertThat(bioInTheDatabase()).isEqualTo(bio);
        assertThat(page.evaluate("window.neverReloaded")).isEqualTo(true);
        assertThat(visitor.me().at("/user/email").asString()).isEqualTo(EMAIL);
        String later = bio + ", and live";
        acknowledgedBio(later);
        shows("bio", later);
        assertThat(page.getByTestId("signed-out")).isHidden();
    }

    private static void shows(String testId, String text) {
        assertThat(page.getByTestId(testId).first())
                .hasText(text, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE.toMillis()));
    }

    @Test
    void anAcknowledgedEditIsThereAfterwardsAndThePageRecoversByItself() throws Exception {
        acknowledgedBio("acknowledged before the kill");
        demo.kill();
        demo.start();
        isWhole("acknowledged before the kill");
    }

    @Test
    void anEditMadeWhileTheServerIsDownArrivesOnce() throws Exception {
        demo.kill();
        page.getByTestId("bio-input").fill("typed while nobody answered");
        page.getByTestId("bio-save").click();
        shows("bio", "typed while nobody answered");
        demo.start();
        await().atMost(PATIENCE).until(() -> "typed while nobody answered".equals(bioInTheDatabase()));
        isWhole("typed while nobody answered");
    }

    @Test
    void theDatabaseServerMayBeKilledToo() throws Exception {
        acknowledgedBio("outlives its database server");
        demo.kill();
        demo.killPostgres();
        demo.start();
        isWhole("outlives its database server");
    }

    @Test
    void everyAcknowledgedWebhookIsInTheInboxAndApplied() throws Exception {
        JsonNode user = userInWorkOs();
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        AtomicInteger number = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(150);
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            senders.add(Thread.ofPlatform().start(() -> {
                Visitor sender = new Visitor(demo.address());
                boolean alive = true;
                while (alive) {
                    String id = "event_kill_%06d".formatted(number.incrementAndGet());
                    try {
                        int status = SignedWebhook.of(webhookSecret, updated(user, id))
                                .sendTo(sender)
                                .statusCode();
                        if (status == 200) {
                            acknowledged.add(id);
                            enough.countDown();
                        }
                    } catch (UncheckedIOException gone) {
                        alive = false;
                    }
                }
            }));
        }
        assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
        demo.kill();
        for (Thread sender : senders) {
            sender.join();
        }
        demo.start();
        List<String> ids = List.copyOf(acknowledged);
        assertThat(database()
                        .<List<String>>read(
                                tx -> tx.sql("SELECT event_id FROM lockstep.inbox WHERE event_id LIKE 'event_kill_%'")
                                        .query(String.class)
                                        .list()))
                .containsAll(ids);
        await().atMost(PATIENCE).until(() -> one("""
                        SELECT count(*)::text FROM lockstep.inbox WHERE event_id LIKE 'event_kill_%' AND state <> 'done'
                        """).equals("0"));
        String last = one("SELECT max(event_id) FROM lockstep.inbox WHERE event_id LIKE 'event_kill_%'");
        assertThat(one("SELECT first_name FROM workos.users WHERE email = '" + EMAIL + "'"))
                .isEqualTo("Ada after " + last);
        shows("user-name", "Ada after " + last + " Osei");
        acknowledgedBio("survived the webhooks");
        isWhole("survived the webhooks");
    }

    @Test
    void aRenameCutInTheMiddleEndsTheSameEverywhere() throws Exception {
        page.getByTestId("rename-first").fill("Adaeze", new Locator.FillOptions().setTimeout(PATIENCE.toMillis()));
        page.getByTestId("rename-last").fill("Osei");
        page.getByTestId("rename-submit").click();
        demo.kill();
        demo.start();
        acknowledgedBio("after the rename");
        await().atMost(PATIENCE).until(() -> one("""
                        SELECT count(*)::text FROM lockstep.inbox WHERE state IN ('new', 'retry')
                        """).equals("0"));
        if (userInWorkOs().get("first_name").asString().equals("Adaeze")) {
            shows("user-name", "Adaeze Osei");
            assertThat(one("SELECT first_name FROM workos.users WHERE email = '" + EMAIL + "'"))
                    .isEqualTo("Adaeze");
        } else {
            assertThat(one("SELECT first_name FROM workos.users WHERE email = '" + EMAIL + "'"))
                    .startsWith("Ada");
        }
        isWhole("after the rename");
    }

    /** An update of the person whose version grows with the event's number. */
    private static byte[] updated(JsonNode user, String id) {
        Instant at = Instant.parse(user.get("updated_at").asString())
                .plusSeconds(Long.parseLong(id.substring(id.lastIndexOf('_') + 1)));
        ObjectNode data = ((ObjectNode) user.deepCopy())
                .put("first_name", "Ada after " + id)
                .put("updated_at", at.toString());
        ObjectNode event = JsonMapper.shared()
                .createObjectNode()
                .put("id", id)
                .put("event", "user.updated")
                .put("created_at", at.toString());
        event.set("data", data);
        return event.toString().getBytes(UTF_8);
    }

    private static JsonNode userInWorkOs() throws Exception {
        URI users = URI.create(demo.notes().note("workos.url").orElseThrow() + "/user_management/users?email=" + EMAIL);
        String answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(users)
                                .header(
                                        "Authorization",
                                        "Bearer "
                                                + demo.notes()
                                                        .note("workos.api-key")
                                                        .orElseThrow())
                                .build(),
                        BodyHandlers.ofString())
                .body();
        return JsonMapper.shared().readTree(answer).at("/data/0");
    }
}
