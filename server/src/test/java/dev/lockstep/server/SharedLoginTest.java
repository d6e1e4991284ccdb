package dev.lockstep.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.Cookie;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One browser, one login, two applications: Lockstep and a Next.js application on WorkOS's own library. */
class SharedLoginTest {
    @Order(1)
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    @Order(2)
    @RegisterExtension
    static final NextJsApp next = new NextJsApp(demo);

    private static final String ADA = "ada@acme.test";

    private static Browser browser;

    private BrowserContext window;
    private Page page;

    @BeforeAll
    static void startTheBrowser() {
        browser = Browser.start();
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
        window.setDefaultTimeout(40_000);
        page = window.newPage();
    }

    @AfterEach
    void closeTheWindow() {
        window.close();
    }

    @Test
    void whoSignsInAtLockstepIsSignedInAtNextAndSigningOutThereEndsBoth() {
        isNobodyAtNext();
        signInAtLockstep();
        String session = isAdaAtNext();
        assertThat(me().get("sessionId").asString()).isEqualTo(session);
        String copy = sessionCookie().orElseThrow();

        page.getByText("Sign out").click();
        nextSays("nobody");
        assertThat(sessionCookie()).isEmpty();
        assertThat(lockstepSays(401).get("code").asString()).isEqualTo("UNAUTHORIZED");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(demo.visitor()
                                .withCookies("/api/auth/me", Visitor.SESSION + "=" + copy)
                                .statusCode())
                        .isEqualTo(401));
    }

    @Test
    void whoSignsInAtNextIsSignedInAtLockstepAndSigningOutHereEndsBoth() {
        signInAtNext();
        String session = isAdaAtNext();
        assertThat(me().get("sessionId").asString()).isEqualTo(session);
        assertThat(me().at("/user/email").asString()).isEqualTo(ADA);

        page.navigate(demo.address() + "/api/auth/logout");
        page.getByText("Sign out").last().click();
        page.waitForURL(demo.address() + "/signed-out");
        assertThat(sessionCookie()).isEmpty();
        isNobodyAtNext();
        assertThat(demo.demo().workOs().truth().sessions())
                .noneMatch(alive -> alive.id().value().equals(session));
    }

    @Test
    void whicheverRenewsTheSessionTheOtherGoesOnWithIt() {
        signInAtLockstep();
        String session = isAdaAtNext();
        String first = sessionCookie().orElseThrow();

        page.evaluate("() => fetch('/renew', { method: 'POST' }).then((answer) => answer.json())");
        String byNext = sessionCookie().orElseThrow();
        assertThat(byNext).isNotEqualTo(first);
        assertThat(me().get("sessionId").asString()).isEqualTo(session);

        page.navigate(demo.address() + "/signed-out");
        page.evaluate(
                "(csrf) => fetch('/api/auth/token?force=true', { method: 'POST', headers: { 'X-CSRF-Token': csrf } })",
                me().get("csrfToken").asString());
        assertThat(sessionCookie().orElseThrow()).isNotEqualTo(byNext);
        assertThat(isAdaAtNext()).isEqualTo(session);
        assertThat(me().get("sessionId").asString()).isEqualTo(session);
    }

    private void signInAtLockstep() {
        page.navigate(demo.address() + "/api/auth/login?returnTo=/signed-out");
        chooseAda();
        page.waitForURL(demo.address() + "/signed-out");
    }

    private void signInAtNext() {
        page.navigate(next.address() + "/sign-in");
        chooseAda();
        page.waitForURL(next.address() + "/");
    }

    private void chooseAda() {
        page.waitForURL(
                Pattern.compile(Pattern.quote(demo.demo().workOs().baseUrl().toString()) + ".*"));
        page.locator("button.person[value='" + ADA + "']").click();
    }

    /** Returns the session that Next shows. */
    private String isAdaAtNext() {
        page.navigate(next.address() + "/");
        nextSays(ADA);
        return page.getByTestId("session").textContent();
    }

    private void isNobodyAtNext() {
        page.navigate(next.address() + "/");
        nextSays("nobody");
    }

    /** Next.js makes each page when it is first asked for, which takes a while on a busy machine. */
    private void nextSays(String who) {
        assertThat(page.getByTestId("who")).hasText(who, new LocatorAssertions.HasTextOptions().setTimeout(60_000));
    }

    private JsonNode me() {
        return lockstepSays(200).get("data");
    }

    /** What Lockstep answers to this browser's cookies. */
    private JsonNode lockstepSays(int status) {
        APIResponse answer = window.request().get(demo.address() + "/api/auth/me");
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.text());
    }

    private Optional<String> sessionCookie() {
        return window.cookies(demo.address().toString()).stream()
                .filter(cookie -> cookie.name.equals(Visitor.SESSION))
                .map((Cookie cookie) -> cookie.value)
                .findFirst();
    }
}
