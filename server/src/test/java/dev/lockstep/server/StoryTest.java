package dev.lockstep.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.lockstep.server.demo.Demo;
import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.server.demo.FreePort;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The five steps of the demo, in a real browser, on all the real parts. */
class StoryTest {
    @TempDir
    static Path folder;

    private static Browser browser;
    private static Demo demo;

    private BrowserContext first;
    private BrowserContext second;

    @BeforeAll
    static void startEverything() {
        browser = Browser.start();
        demo = Demo.start(new DemoFolder(folder, new SecureRandom()), FreePort.any(), Map.of());
    }

    @AfterAll
    static void stopEverything() {
        if (demo != null) {
            demo.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openTwoWindows() {
        first = browser.window();
        second = browser.window(ColorScheme.DARK);
    }

    @AfterEach
    void closeTheWindows() {
        first.close();
        second.close();
    }

    @Test
    void aPersonaSignsInThroughThePageOfTheDoubleAndComesBackToWhereTheyWantedToGo() {
        Page page = first.newPage();
        page.navigate(demo.address() + "/dashboard");
        page.waitForURL(Pattern.compile(".*/login.*"));
        Browser.picture(page, "1-login");
        page.getByTestId("persona-ada@acme.test").click();
        page.waitForURL(Pattern.compile(Pattern.quote(demo.workOs().baseUrl().toString()) + ".*"));
        Browser.picture(page, "2-workos-login");
        page.locator("button.primary").first().click();
        page.waitForURL(Pattern.compile(".*/dashboard"));
        assertThat(page.getByTestId("user-email").first()).hasText("ada@acme.test");
        assertThat(page.getByTestId("user-name").first()).hasText("Ada Osei");
        assertThat(page.getByTestId("org-name").first()).hasText("Acme Robotics");
        assertThat(page.getByTestId("role").first()).containsText("owner");
        Browser.picture(page, "3-dashboard");
    }

    @Test
    void anEditOfTheBioShowsInASecondWindowAtOnce() {
        Page here = signedIn(first, "ben@acme.test");
        Page there = signedIn(second, "ben@acme.test");
        here.getByTestId("bio-input").fill("Builds arms that never drop a bolt");
        here.getByTestId("bio-save").click();
        assertThat(there.getByTestId("bio")).hasText("Builds arms that never drop a bolt");
        assertThat(here.getByTestId("bio")).hasText("Builds arms that never drop a bolt");
        Browser.picture(there, "4-second-window-dark");
    }

    @Test
    void aNameChangedInWorkOsReachesBothWindowsWithoutAReload() {
        Page here = signedIn(first, "cleo@globex.test");
        Page there = signedIn(second, "cleo@globex.test");
        here.getByTestId("rename-first").fill("Clementine");
        here.getByTestId("rename-last").fill("Marsh");
        here.getByTestId("rename-submit").click();
        assertThat(here.getByTestId("user-name").first()).hasText("Clementine Marsh");
        assertThat(there.getByTestId("user-name").first()).hasText("Clementine Marsh");
        assertThat(there.getByTestId("synced-by")).containsText(Pattern.compile("webhook", Pattern.CASE_INSENSITIVE));
    }

    @Test
    void aNameChangedInTheProfileIsAtWorkOsAndOnEveryScreenWhenTheAnswerComes() {
        Page here = signedIn(first, "ben@acme.test");
        Page there = signedIn(second, "ben@acme.test");
        here.getByTestId("name-first").fill("Benedict");
        here.getByTestId("name-last").fill("Zoë");
        here.getByTestId("name-save").click();
        assertThat(here.getByTestId("name-saved")).isVisible();
        assertThat(here.getByTestId("user-name").first()).hasText("Benedict Zoë");
        assertThat(there.getByTestId("user-name").first()).hasText("Benedict Zoë");
        org.assertj.core.api.Assertions.assertThat(demo.workOs().truth().users())
                .anyMatch(user -> "Benedict".equals(user.firstName()) && "Zoë".equals(user.lastName()));
        Browser.picture(here, "8-own-name");
    }

    @Test
    void anUpdateByHandInTheDatabaseShowsToo() throws Exception {
        Page page = signedIn(first, "dev@globex.test");
        try (var connection = DriverManager.getConnection(
                        demo.postgres().jdbcUrl(),
                        demo.postgres().username(),
                        demo.postgres().password());
                var statement = connection.createStatement()) {
            statement.executeUpdate("""
                    UPDATE app.profiles SET bio = 'typed in psql' WHERE workos_user_id =
                      (SELECT id FROM workos.users WHERE email = 'dev@globex.test')
                    """);
        }
        assertThat(page.getByTestId("bio")).hasText("typed in psql");
    }

    @Test
    void aDroppedWebhookIsMadeUpForByTheEventsTail() {
        Page page = signedIn(first, "dev@globex.test");
        page.getByTestId("drop-next").click();
        page.getByTestId("rename-first").fill("Devika");
        page.getByTestId("rename-last").fill("Patel");
        page.getByTestId("rename-submit").click();
        assertThat(page.getByTestId("user-name").first())
                .hasText(
                        "Devika Patel",
                        new com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions().setTimeout(30_000));
        assertThat(page.getByTestId("synced-by")).containsText(Pattern.compile("tail", Pattern.CASE_INSENSITIVE));
        Browser.picture(page, "5-arrived-by-the-tail");
    }

    @Test
    void aKilledDatabaseComesBackAndThePageGoesOnByItself() {
        Page page = signedIn(first, "cleo@globex.test");
        ProcessHandle killed = ProcessHandle.of(demo.postgres().pid()).orElseThrow();
        killed.destroyForcibly();
        killed.onExit().join();
        page.getByTestId("bio-input").fill("still here");
        page.getByTestId("bio-save").click();
        assertThat(page.getByTestId("bio"))
                .hasText(
                        "still here",
                        new com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions().setTimeout(45_000));
        assertThat(page.getByTestId("bio-saved"))
                .isVisible(new com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions()
                        .setTimeout(45_000));
    }

    @Test
    void revokingTheOtherSessionSignsTheOtherWindowOut() {
        Page here = signedIn(first, "ada@acme.test");
        Page there = signedIn(second, "ada@acme.test");
        here.getByTestId("revoke-other").first().click();
        assertThat(there.getByTestId("signed-out")).isVisible();
        Browser.picture(there, "6-signed-out-from-another-device");
        assertThat(here.getByTestId("user-email").first()).hasText("ada@acme.test");
    }

    @Test
    void signingOutEndsTheSessionEverywhere() {
        Page page = signedIn(first, "ben@acme.test");
        Page tab = first.newPage();
        tab.navigate(demo.address() + "/dashboard");
        assertThat(tab.getByTestId("user-email").first()).hasText("ben@acme.test");
        int before = demo.workOs().truth().sessions().size();
        page.getByTestId("sign-out").click();
        assertThat(page.getByTestId("signed-out")).isVisible();
        assertThat(tab.getByTestId("signed-out")).isVisible();
        org.assertj.core.api.Assertions.assertThat(first.cookies()).noneMatch(c -> c.name.equals("wos-session"));
        org.assertj.core.api.Assertions.assertThat(demo.workOs().truth().sessions())
                .hasSize(before - 1);
        page.navigate(demo.address() + "/dashboard");
        page.waitForURL(Pattern.compile(".*/login.*"));
        Browser.picture(page, "7-signed-out");
    }

    private static Page signedIn(BrowserContext window, String email) {
        Page page = window.newPage();
        page.navigate(demo.address() + "/login?returnTo=/dashboard");
        page.getByTestId("persona-" + email).click();
        page.waitForURL(Pattern.compile(Pattern.quote(demo.workOs().baseUrl().toString()) + ".*"));
        page.locator("button.primary").first().click();
        page.waitForURL(Pattern.compile(".*/dashboard"));
        assertThat(page.getByTestId("user-email").first()).hasText(email);
        return page;
    }
}
