package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page of a person who leaves the tab: the browser puts it to sleep, and wakes it some time later. */
class SleepingTabTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    /** How long the tab sleeps. */
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("tabs.seconds", 3));

    private static final String PERSON = "cleo@globex.test";
    /** Notes when the page says something else of the bio, and that it is awake. */
    private static final String DIARY = """
            window.diary = [];
            window.awake = [];
            setInterval(() => awake.push(Date.now()), 50);
            const note = () => {
              const text = document.querySelector('[data-testid=bio]')?.textContent ?? 'nothing';
              if (diary.at(-1)?.text !== text) diary.push({ text, at: Date.now() });
            };
            new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true });
            """;

    @TempDir
    Path profile;

    private BareChromium chromium;

    @BeforeEach
    void openTheDashboard() throws Exception {
        chromium = new BareChromium(Browser.chromium(), profile.resolve("chromium"));
        demo.visitor()
                .signIn(PERSON)
                .cookies
                .forEach((name, value) -> chromium.send(
                        "Network.setCookie",
                        Map.of(
                                "name",
                                name,
                                "value",
                                value,
                                "url",
                                demo.address().toString())));
        chromium.send("Page.enable", Map.of());
        chromium.send("Page.addScriptToEvaluateOnNewDocument", Map.of("source", DIARY));
        chromium.send("Page.navigate", Map.of("url", demo.address() + "/dashboard"));
        write("before");
        shows("before");
    }

    @AfterEach
    void closeTheBrowser() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void aTabThatSleptIsCurrentWithinASecondOfWakingAndShowsNothingTwice() {
        chromium.coverWithAnotherTab();
        chromium.send("Page.setWebLifecycleState", Map.of("state", "frozen"));
        write("asleep 1");
        write("asleep 2");
        await().pollDelay(AWAY).atMost(AWAY.plusSeconds(30)).until(() -> true);
        write("asleep 3");
        long woken = System.currentTimeMillis();
        chromium.send("Page.setWebLifecycleState", Map.of("state", "active"));
        chromium.show();
        shows("asleep 3");
        write("awake");
        shows("awake");

        List<String> texts = chromium.texts("diary.map(entry => entry.text)");
        assertThat(texts.subList(texts.indexOf("before"), texts.size()))
                .doesNotHaveDuplicates()
                .doesNotContain("nothing")
                .endsWith("asleep 3", "awake");
        assertThat(number("diary.find(entry => entry.text === 'asleep 3').at")).isBetween(woken, woken + 1000);
        assertThat(number("Math.max(...awake.slice(1).map((at, i) => at - awake[i]))"))
                .as("the tab did sleep")
                .isGreaterThan(AWAY.toMillis() * 9 / 10);
    }

    @Test
    void aTabBehindAnotherGoesOnBeingCurrentThoughItsTimersAreSlow() {
        chromium.coverWithAnotherTab();
        chromium.until("document.visibilityState === 'hidden'");
        write("behind 1");
        shows("behind 1");
        await().pollDelay(AWAY).atMost(AWAY.plusSeconds(30)).until(() -> true);
        long written = System.currentTimeMillis();
        write("behind 2");
        shows("behind 2");
        assertThat(number("diary.find(entry => entry.text === 'behind 2').at")).isBetween(written, written + 1000);
        chromium.show();
        chromium.until("document.visibilityState === 'visible'");
        write("in front");
        shows("in front");
        List<String> texts = chromium.texts("diary.map(entry => entry.text)");
        assertThat(texts.subList(texts.indexOf("before"), texts.size()))
                .containsExactly("before", "behind 1", "behind 2", "in front");
    }

    private void shows(String text) {
        chromium.until("document.querySelector('[data-testid=bio]')?.textContent === '" + text + "'");
    }

    private long number(String expression) {
        return chromium.evaluate(expression).longValue();
    }

    private static void write(String bio) {
        int rows = demo.database()
                .<Integer>write(tx ->
                        tx.sql("""
                        UPDATE app.profiles SET bio = :bio
                        WHERE workos_user_id = (SELECT id FROM workos.users WHERE email = :email)
                        """).param("bio", bio).param("email", PERSON).update());
        assertThat(rows).isEqualTo(1);
    }
}
