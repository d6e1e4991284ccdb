package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class LiveEngineTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private LiveHouse house;

    @BeforeEach
    void open() {
        house = new LiveHouse(postgres.dataSource());
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aRowWrittenByHandReachesTheSubscriber() {
        FakeBrowser browser = browser().follow(0, "counters:get", "{\"name\":\"a\"}");
        browser.awaitResult(0, "null");

        house.sql("INSERT INTO app.counters VALUES ('a', 'x', 3)");
        browser.awaitResult(0, "3");
        house.sql("UPDATE app.counters SET value = 4 WHERE name = 'a'");
        browser.awaitResult(0, "4");
        house.sql("TRUNCATE app.counters");
        browser.awaitResult(0, "null");
        assertThat(browser.history.get(0L)).containsExactly("null", "3", "4", "null");
    }

    @Test
    void aRowThatIsRenamedTouchesBothNames() {
        house.sql("INSERT INTO app.counters VALUES ('a', 'x', 3)");
        FakeBrowser browser =
                browser().follow(0, "counters:get", "{\"name\":\"a\"}").follow(1, "counters:get", "{\"name\":\"b\"}");
        browser.awaitResult(0, "3").awaitResult(1, "null");

        house.sql("UPDATE app.counters SET name = 'b'");
        browser.awaitResult(0, "null").awaitResult(1, "3");
    }

    @Test
    void allQueriesOfAPageAreAtOneMoment() {
        FakeBrowser browser =
                browser().follow(0, "counters:get", "{\"name\":\"a\"}").follow(1, "counters:sum", "{}");
        browser.awaitResult(1, "0");
        house.sql("INSERT INTO app.counters VALUES ('a', 'x', 3)");
        browser.awaitResult(0, "3");
        assertThat(browser.results.get(1L).intValue()).isEqualTo(3);
    }

    @Test
    void oneRunServesEveryPageThatAsksTheSame() {
        List<FakeBrowser> browsers = java.util.stream.IntStream.range(0, 20)
                .mapToObj(i -> browser().follow(0, "counters:sum", "{}"))
                .toList();
        browsers.forEach(browser -> browser.awaitResult(0, "0"));
        int before = house.queryRuns.get();

        house.sql("INSERT INTO app.counters VALUES ('a', 'x', 3)");
        browsers.forEach(browser -> browser.awaitResult(0, "3"));
        assertThat(house.queryRuns.get() - before).isEqualTo(1);
    }

    @Test
    void aChangeThatNobodyReadRunsNothingAndSendsNothing() {
        FakeBrowser browser = browser().follow(0, "counters:get", "{\"name\":\"a\"}");
        FakeBrowser other = browser().follow(0, "counters:get", "{\"name\":\"b\"}");
        browser.awaitResult(0, "null");
        other.awaitResult(0, "null");

        house.sql("INSERT INTO app.counters VALUES ('b', 'x', 3)");
        other.awaitResult(0, "3");
        assertThat(browser.framesOf("Transition")).hasSize(1);
        assertThat(house.queryRuns.get()).isEqualTo(3);
    }

    @Test
    void anAnswerThatLooksAtTheCallerIsNotShared() {
        house.sql("INSERT INTO app.counters VALUES ('a', 'user_ada', 1), ('b', 'user_ben', 2)");
        FakeBrowser ada = FakeBrowser.open(house.engine).connect(0).authenticate("user:ada");
        FakeBrowser ben = FakeBrowser.open(house.engine).connect(0).authenticate("user:ben");
        FakeBrowser nobody = browser();
        for (FakeBrowser browser : List.of(ada, ben, nobody)) {
            browser.follow(0, "counters:mine", "{}");
        }
        ada.awaitResult(0, "[{\"name\":\"a\",\"owner\":\"user_ada\",\"value\":1}]");
        ben.awaitResult(0, "[{\"name\":\"b\",\"owner\":\"user_ben\",\"value\":2}]");
        nobody.awaitResult(0, "[]");

        house.sql("UPDATE app.counters SET owner = 'user_ben'");
        ada.awaitResult(0, "[]");
        ben.await("both", b -> b.results.get(0L).size() == 2);
        assertThat(nobody.history.get(0L)).containsExactly("[]");
    }

    @Test
    void aPageThatSignsInSeesOneConfirmationWithItsOwnResults() {
        house.sql("INSERT INTO app.counters VALUES ('a', 'user_ada', 1)");
        FakeBrowser browser = browser().follow(0, "counters:mine", "{}");
        browser.awaitResult(0, "[]");
        browser.authenticate("user:ada").await("own row", b -> b.results.get(0L).size() == 1);
        JsonNode last = browser.framesOf("Transition").getLast();
        assertThat(last.at("/endVersion/identity").intValue()).isEqualTo(1);
        assertThat(last.get("modifications")).hasSize(1);

        browser.signOut().awaitResult(0, "[]");
    }

    @Test
    void aQueryThatIsLeftIsToldAndNeverRunAgain() {
        FakeBrowser browser = browser().follow(0, "counters:sum", "{}");
        browser.awaitResult(0, "0");
        browser.leave(0).await("the removal", b -> b.results.isEmpty());
        int before = house.queryRuns.get();
        browser.follow(1, "counters:get", "{\"name\":\"a\"}").awaitResult(1, "null");
        house.sql("INSERT INTO app.counters VALUES ('a', 'x', 3)");
        browser.awaitResult(1, "3");
        assertThat(house.queryRuns.get() - before).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody:knows",
                "counters:secret",
                "counters:add",
                "__proto__:constructor",
                "toString",
                "../users:get",
                "java.lang.Runtime:exec",
                "_system/frontend:get"
            })
    void whatIsNoPublicQueryIsAClearErrorAndTheSocketStays(String path) {
        FakeBrowser browser = browser().follow(0, path, "{}").awaitFailure(0);
        assertThat(browser.results.get(0L).get("errorMessage").asString()).startsWith("There is no public query '");
        assertThat(browser.results.get(0L).has("errorData")).isFalse();
        browser.follow(1, "counters:sum", "{}").awaitResult(1, "0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\":1}",
                "{\"name\":null}",
                "{\"name\":\"a\",\"more\":1}",
                "{\"name\":{\"$integer\":\"AQAAAAAAAAA=\"}}",
                "{\"name\":{\"$weird\":1}}"
            })
    void wrongArgumentsAreAnErrorOfTheFunction(String args) {
        FakeBrowser browser = browser().follow(0, "counters:get", args).awaitFailure(0);
        assertThat(browser.results.get(0L).get("errorMessage").asString()).startsWith("ArgumentError: ");
        assertThat(house.queryRuns.get()).isZero();
    }

    @Test
    void aFailingQueryShowsNoDetailSparesTheOthersAndHealsWithTheData() {
        house.sql("INSERT INTO app.counters VALUES ('divisor', 'x', 0)");
        FakeBrowser browser = browser();
        browser.follow(0, "counters:divide", "{}").follow(1, "counters:sum", "{}");
        browser.awaitFailure(0).awaitResult(1, "0");
        assertThat(browser.results.get(0L).get("errorMessage").asString())
                .matches("\\[Request ID: [0-9a-f]{16}] Server Error");

        house.sql("UPDATE app.counters SET value = 5");
        browser.awaitResult(0, "{\"result\":2}").awaitResult(1, "5");
    }

    @Test
    void anErrorOfTheApplicationArrivesWithItsData() {
        FakeBrowser browser = browser().follow(0, "counters:told", "{}").awaitFailure(0);
        assertThat(browser.results.get(0L).get("errorMessage").asString()).isEqualTo("Not for you");
        assertThat(browser.results.get(0L).at("/errorData/code").asString()).isEqualTo("FORBIDDEN");
    }

    @Test
    void aTableWithoutATriggerIsAMistakeNotAQuietlyDeadQuery() {
        browser().follow(0, "counters:unwatched", "{}").awaitFailure(0);
    }

    @Test
    void aSlowQueryIsStoppedAndTheOthersGoOn() {
        FakeBrowser browser = browser();
        browser.follow(0, "counters:slow", "{}").awaitFailure(0);
        browser.follow(1, "counters:sum", "{}").awaitResult(1, "0");
    }

    @Test
    void aSlowReaderGetsTheNewestStateOnceItCatchesUp() {
        FakeBrowser slow = browser().follow(0, "counters:sum", "{}");
        FakeBrowser fast = browser().follow(0, "counters:sum", "{}");
        slow.awaitResult(0, "0");
        fast.awaitResult(0, "0");
        slow.unsent = 2;
        for (int value = 1; value <= 5; value++) {
            house.sql("INSERT INTO app.counters VALUES ('c%d', 'x', 1)".formatted(value));
            fast.awaitResult(0, Integer.toString(value));
        }
        assertThat(slow.framesOf("Transition")).hasSize(1);
        slow.unsent = 0;
        slow.awaitResult(0, "5");
        assertThat(slow.history.get(0L)).containsExactly("0", "5");
    }

    @Test
    void aReturningPageGetsEverythingInOneTransitionWithoutABlink() {
        house.sql("INSERT INTO app.counters VALUES ('a', 'user_ada', 1)");
        FakeBrowser page = FakeBrowser.open(house.engine, UUID.randomUUID())
                .connect(1)
                .authenticate("user:ada")
                .follow(0, "counters:mine", "{}");
        page.await("result", b -> b.results.containsKey(0L));
        JsonNode first = page.framesOf("Transition").getFirst();
        assertThat(first.at("/endVersion/querySet").intValue()).isEqualTo(1);
        assertThat(first.at("/endVersion/identity").intValue()).isEqualTo(1);
        assertThat(first.get("modifications")).hasSize(1);
    }

    @Test
    void aPageThatHasOnlySaidWhoItIsGetsNothingYet() {
        FakeBrowser page = FakeBrowser.open(house.engine).connect(1).authenticate("user:ada");
        FakeBrowser witness = browser().follow(0, "counters:sum", "{}");
        for (int value = 1; value <= 5; value++) {
            house.sql("INSERT INTO app.counters VALUES ('c%d', 'x', 1)".formatted(value));
            witness.awaitResult(0, Integer.toString(value));
        }
        assertThat(page.frames).isEmpty();
        page.follow(0, "counters:sum", "{}").awaitResult(0, "5");
        assertThat(page.framesOf("Transition")
                        .getFirst()
                        .at("/endVersion/identity")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void noSocketLeavesAnythingBehind() {
        FakeBrowser browser = browser().follow(0, "counters:sum", "{}");
        browser.awaitResult(0, "0");
        FakeBrowser witness =
                browser().follow(0, "counters:get", "{\"name\":\"a\"}").awaitResult(0, "null");
        browser.vanish();
        assertThat(house.engine.openSockets()).isEqualTo(1);
        int before = house.queryRuns.get();
        house.sql("INSERT INTO app.counters VALUES ('a', 'x', 3)");
        witness.awaitResult(0, "3");
        assertThat(house.queryRuns.get() - before).isEqualTo(1);
    }

    private FakeBrowser browser() {
        return FakeBrowser.open(house.engine).connect(0);
    }
}
