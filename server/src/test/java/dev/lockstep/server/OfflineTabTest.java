package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.Cookie;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A tab in a real browser that has no network for a while, and a person in front of it who goes on typing. */
class OfflineTabTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    /** How long the tab is cut off. */
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("tabs.seconds", 3));

    private static final Page.WaitForFunctionOptions PATIENTLY = new Page.WaitForFunctionOptions().setTimeout(60_000);
    private static final String PERSON = "cleo@globex.test";
    private static final String HTML = """
            <!doctype html><meta charset="utf-8"><body data-live="%s"><div id="root"></div><script type="module">%s</script>
            """;

    private static Browser browser;
    private static String script;

    private BrowserContext window;
    private Page page;
    private CDPSession tools;
    private CutRelay relay;

    @BeforeAll
    static void startTheBrowser() throws Exception {
        browser = Browser.start();
        script = String.join("\n", NodeProgram.run("bundle.mjs", List.of("tab.mjs"), Map.of(), List.of()));
    }

    @AfterAll
    static void stopTheBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openTheTab() throws Exception {
        sql("CREATE TABLE app.bio_diary (n bigint GENERATED ALWAYS AS IDENTITY, bio text)");
        sql("""
                CREATE FUNCTION app.note_bio() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO app.bio_diary (bio) VALUES (NEW.bio); RETURN NULL; END $$
                """);
        sql("CREATE TRIGGER note_bio AFTER UPDATE ON app.profiles FOR EACH ROW EXECUTE FUNCTION app.note_bio()");
        Visitor visitor = demo.visitor().signIn(PERSON);
        relay = new CutRelay(demo.address().getPort());
        window = browser.window();
        // The page comes from the test and not from an address, so the browser wants to be asked about this machine's
        // ports.
        window.grantPermissions(List.of("local-network-access"));
        window.addCookies(visitor.cookies.entrySet().stream()
                .map(cookie -> new Cookie(cookie.getKey(), cookie.getValue())
                        .setUrl(demo.address().toString()))
                .toList());
        window.route("**/tab.html", this::serve);
        page = window.newPage();
        tools = window.newCDPSession(page);
        page.navigate(demo.address() + "/tab.html");
        shows("bio: ");
        // The client asks for a second token at once; from then on it needs none.
        page.waitForFunction("tab.tokens === 2");
    }

    @AfterEach
    void closeTheTab() throws Exception {
        sql("DROP TRIGGER note_bio ON app.profiles");
        sql("DROP FUNCTION app.note_bio");
        sql("DROP TABLE app.bio_diary");
        window.close();
        relay.close();
    }

    private void serve(Route route) {
        route.fulfill(new Route.FulfillOptions()
                .setContentType("text/html; charset=utf-8")
                .setBody(HTML.formatted("http://localhost:" + relay.port(), script)));
    }

    @Test
    void whatWasTypedWithoutANetworkIsCarriedOutInOrderAndOnce() {
        List<String> typed = IntStream.rangeClosed(1, 40)
                .mapToObj(i -> "typed %02d".formatted(i))
                .toList();
        page.evaluate("typed => { tab.diary.length = 0; typed.forEach(tab.save); }", typed.subList(0, 5));
        offline(true);
        relay.cut();
        page.waitForFunction("!tab.state().isWebSocketConnected");
        page.evaluate("typed => typed.forEach(tab.save)", typed.subList(5, 40));
        shows("bio: typed 40");
        pass(AWAY);
        assertThat(typed.subList(0, 5)).containsAll(written());
        assertThat(page.evaluate("tab.state().hasInflightRequests")).isEqualTo(true);

        relay.mend();
        offline(false);
        // Each try that failed meanwhile has doubled the client's wait, up to 16 s.
        page.waitForFunction("tab.kept + tab.failed.length === 40", null, PATIENTLY);
        assertThat(page.evaluate("tab.failed")).isEqualTo(List.of());
        assertThat(written()).isEqualTo(typed);
        shows("bio: typed 40");
        assertThat(diary()).endsWith("bio: typed 40").doesNotHaveDuplicates().isSorted();
    }

    private void offline(boolean offline) {
        JsonObject conditions = new JsonObject();
        conditions.addProperty("offline", offline);
        conditions.addProperty("latency", 0);
        conditions.addProperty("downloadThroughput", -1);
        conditions.addProperty("uploadThroughput", -1);
        tools.send("Network.emulateNetworkConditions", conditions);
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
    }

    private void shows(String text) {
        page.waitForFunction("text => document.querySelector('#bio')?.textContent.startsWith(text)", text);
    }

    @SuppressWarnings("unchecked")
    private List<String> diary() {
        return (List<String>) page.evaluate("tab.diary.map(entry => entry.text)");
    }

    private static List<String> written() {
        return demo.database()
                .read(tx -> tx.sql("SELECT bio FROM app.bio_diary ORDER BY n")
                        .query(String.class)
                        .list());
    }

    private static void sql(String sql) {
        demo.database().write(tx -> tx.sql(sql).update());
    }
}
