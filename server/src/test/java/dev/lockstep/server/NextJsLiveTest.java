package dev.lockstep.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.RequestOptions;
import dev.lockstep.workosdouble.NewUser;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The genuine {@code convex/nextjs} in a Next.js server: its pages come with their data and then follow it. */
class NextJsLiveTest {
    @Order(1)
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    @Order(2)
    @RegisterExtension
    static final NextJsApp next = new NextJsApp(demo);

    private static final String NORA = "nora@next.test";
    /** Next.js makes each page when it is first asked for, which takes a while on a busy machine. */
    private static final int PATIENCE = 60_000;

    /** Notes every text that stood there, from the first one on. */
    private static final String NOTING = """
            new MutationObserver(() => {
              const text = document.querySelector('[data-testid=now]')?.textContent;
              window.stood ??= [];
              if (text !== undefined && text !== window.stood.at(-1) && (text || window.stood.length > 0)) {
                window.stood.push(text);
              }
            }).observe(document, { subtree: true, childList: true, characterData: true });
            """;

    private static Browser browser;

    private BrowserContext window;
    private Page page;

    @BeforeAll
    static void startTheBrowser() {
        browser = Browser.start();
        demo.demo().workOs().createUser(NewUser.named(NORA, "Nora", "Next"));
    }

    @AfterAll
    static void stopTheBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openAWindow() {
        window = browser.window();
        window.setDefaultTimeout(PATIENCE);
        page = window.newPage();
    }

    @AfterEach
    void closeTheWindow() {
        window.close();
    }

    @Test
    void aPageComesWithWhatItsPersonMaySeeAndThenFollowsEveryChange() {
        signIn();
        await().atMost(Duration.ofMinutes(1)).until(() -> writeBySql("written before") == 1);
        assertThat(html())
                .contains(NORA)
                .containsPattern("then\">written before<")
                .containsPattern("now\">written before<");

        makeWhatThePageWillAskFor();

        page.addInitScript(NOTING);
        page.navigate(next.address() + "/live");
        shows("who", NORA);
        shows("then", "written before");
        shows("now", "written before");
        shows("connection", "live");
        shows("session", "signed in");

        assertThat(writeBySql("written by plain SQL")).isOne();
        shows("now", "written by plain SQL");
        page.getByLabel("Bio").fill("written by the server of Next.js");
        page.getByText("Save").click();
        shows("now", "written by the server of Next.js");
        assertThat(bio()).isEqualTo("written by the server of Next.js");

        shows("then", "written before");
        assertThat(page.evaluate("() => window.stood"))
                .as("what stood there without a reload, and never nothing in between")
                .isEqualTo(List.of("written before", "written by plain SQL", "written by the server of Next.js"));
        Browser.picture(page, "nextjs-live");
    }

    @Test
    void aPageOfNobodyComesWithNothingOfAnybody() {
        assertThat(html()).contains("nobody").doesNotContain(NORA);
        page.navigate(next.address() + "/live");
        shows("who", "nobody");
        shows("connection", "live");
        shows("now", "");
    }

    /** Next.js makes an address when it is first asked for, and then every open page begins anew: not in the middle of a test. */
    private void makeWhatThePageWillAskFor() {
        assertThat(window.request()
                        .post(next.address() + "/token", RequestOptions.create().setTimeout(PATIENCE))
                        .text())
                .contains("\"token\":\"ey");
    }

    /** The page as the server made it, before any program of it has run. */
    private String html() {
        return window.request()
                .get(next.address() + "/live", RequestOptions.create().setTimeout(PATIENCE))
                .text();
    }

    private void signIn() {
        page.navigate(demo.address() + "/api/auth/login?returnTo=/signed-out");
        page.waitForURL(
                Pattern.compile(Pattern.quote(demo.demo().workOs().baseUrl().toString()) + ".*"));
        page.getByLabel("E-mail address").fill(NORA);
        page.getByText("Continue", new Page.GetByTextOptions().setExact(true)).click();
        page.waitForURL(demo.address() + "/signed-out");
    }

    private static int writeBySql(String bio) {
        return demo.database()
                .write(tx -> tx.sql("""
                        INSERT INTO app.profiles (account_id, workos_user_id, bio)
                        SELECT id, workos_user_id, :bio FROM app.users WHERE email = :email AND id IS NOT NULL
                        ON CONFLICT (account_id) DO UPDATE SET bio = excluded.bio
                        """).param("bio", bio).param("email", NORA).update());
    }

    private static String bio() {
        return demo.database()
                .read(tx -> tx.sql("SELECT bio FROM app.users WHERE email = :email")
                        .param("email", NORA)
                        .query(String.class)
                        .single());
    }

    private void shows(String what, String text) {
        assertThat(page.getByTestId(what)).hasText(text, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE));
    }
}
