package dev.lockstep.live.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.testing.PostgresExtension;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class PaginationTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Caller ADA = ProjectHouse.member("org_a");

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("projects", ProjectHouse::prepare);

    private ProjectHouse house;

    @BeforeEach
    void open() {
        house = new ProjectHouse(postgres.dataSource(), ProjectHouse.standard());
        for (int rank = 0; rank < 10; rank++) {
            house.task("org_a", rank * 10);
            house.task("org_b", rank * 10 + 1);
        }
    }

    private static Question question(String path, int items, @Nullable String cursor, @Nullable String journal) {
        ObjectNode options = JSON.createObjectNode()
                .put("numItems", items)
                .put("cursor", cursor)
                .put("id", 7);
        return new Question(
                path, "", JSON.createObjectNode().set("paginationOpts", options).toString(), journal);
    }

    private Answer.Outcome ask(int items, @Nullable String cursor, @Nullable String journal) {
        return house.ask(question("tasks:page", items, cursor, journal), ADA).outcome();
    }

    private static JsonNode value(Answer.Outcome outcome) {
        return JSON.readTree(((Answer.Outcome.Value) outcome).json());
    }

    private static List<Integer> ranks(Answer.Outcome outcome) {
        return value(outcome)
                .get("page")
                .valueStream()
                .map(row -> row.get("rank").intValue())
                .toList();
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrOverlapToTheEnd() {
        List<Integer> all = new ArrayList<>();
        String cursor = null;
        boolean done = false;
        while (!done) {
            JsonNode page = value(ask(3, cursor, null));
            page.get("page").forEach(row -> all.add(row.get("rank").intValue()));
            cursor = page.get("continueCursor").asString();
            done = page.get("isDone").booleanValue();
        }
        assertThat(all).containsExactly(0, 10, 20, 30, 40, 50, 60, 70, 80, 90);
    }

    @Test
    void aPageAskedAgainWithItsJournalKeepsItsEnd() {
        Answer.Outcome first = ask(3, null, null);
        house.task("org_a", 5);
        Answer.Outcome again = ask(3, null, first.journal());
        assertThat(ranks(again)).containsExactly(0, 5, 10, 20);
        assertThat(value(again).get("continueCursor")).isEqualTo(value(first).get("continueCursor"));
        assertThat(ranks(ask(3, value(first).get("continueCursor").asString(), null)))
                .containsExactly(30, 40, 50);
        assertThat(ranks(ask(3, null, null))).containsExactly(0, 5, 10);
    }

    @Test
    void theLastPageGrowsWithWhatComesBehindIt() {
        Answer.Outcome all = ask(100, null, null);
        assertThat(value(all).get("isDone").booleanValue()).isTrue();
        house.task("org_a", 1_000);
        assertThat(ranks(ask(100, null, all.journal()))).hasSize(11).endsWith(1_000);
    }

    @Test
    void aPageIsReadFromItsOwnStretchOnly() {
        Answer first = house.ask(question("tasks:page", 3, null, null), ADA);
        Answer second = house.ask(
                question(
                        "tasks:page",
                        3,
                        value(first.outcome()).get("continueCursor").asString(),
                        null),
                ADA);
        assertThat(first.readSet()).hasSize(1).doesNotContainAnyElementsOf(second.readSet());
    }

    @Test
    void aSplitCursorCutsAPageInTwoThatTogetherAreTheOne() {
        JsonNode page = value(ask(6, null, null));
        ObjectNode options = JSON.createObjectNode().put("numItems", 6).putNull("cursor");
        options.set("endCursor", page.get("splitCursor"));
        Answer.Outcome one = askWith(options);
        options.put("cursor", page.get("splitCursor").asString()).set("endCursor", page.get("continueCursor"));
        Answer.Outcome two = askWith(options);
        assertThat(ranks(one)).containsExactly(0, 10, 20);
        assertThat(ranks(two)).containsExactly(30, 40, 50);
        assertThat(value(two).get("continueCursor")).isEqualTo(page.get("continueCursor"));
    }

    private Answer.Outcome askWith(ObjectNode options) {
        String args = JSON.createObjectNode().set("paginationOpts", options).toString();
        return house.ask(new Question("tasks:page", "", args), ADA).outcome();
    }

    @Test
    void aCursorOfAnotherOrganizationAForgedOneAndOneCutShortAreInvalid() {
        String theirs = value(house.ask(question("tasks:page", 3, null, null), ProjectHouse.member("org_b"))
                        .outcome())
                .get("continueCursor")
                .asString();
        String own = value(ask(3, null, null)).get("continueCursor").asString();
        for (String cursor :
                List.of(theirs, own.substring(0, own.length() - 2), own + "A", "AAAA", "", "ä", "x".repeat(9_000))) {
            Answer.Outcome.Failed failed = (Answer.Outcome.Failed) ask(3, cursor, null);
            assertThat(failed.failure().message()).startsWith("InvalidCursor");
            assertThat(JSON.readTree(failed.failure().dataJson())
                            .get("paginationError")
                            .asString())
                    .isEqualTo("InvalidCursor");
        }
    }

    @Test
    void aJournalThatIsNotOursIsAsIfThereWereNone() {
        Answer.Outcome first = ask(3, null, null);
        assertThat(ask(3, null, "forged")).isEqualTo(first);
        Answer.Outcome theirs = house.ask(question("tasks:page", 5, null, null), ProjectHouse.member("org_b"))
                .outcome();
        assertThat(ask(3, null, theirs.journal())).isEqualTo(first);
    }

    @Test
    void aCursorWorksOnEveryNodeWithTheSecretAndNowhereElse() {
        String cursor = value(ask(3, null, null)).get("continueCursor").asString();
        ProjectHouse same = new ProjectHouse(postgres.dataSource(), ProjectHouse.standard());
        assertThat(ranks(same.ask(question("tasks:page", 3, cursor, null), ADA).outcome()))
                .containsExactly(30, 40, 50);
        ProjectHouse other =
                new ProjectHouse(postgres.dataSource(), ProjectHouse.standard().cursorSecrets(List.of(new byte[32])));
        assertThat(other.ask(question("tasks:page", 3, cursor, null), ADA).outcome())
                .isInstanceOf(Answer.Outcome.Failed.class);
        ProjectHouse rotated = new ProjectHouse(
                postgres.dataSource(),
                ProjectHouse.standard().cursorSecrets(List.of(new byte[32], ProjectHouse.SECRET)));
        assertThat(ranks(rotated.ask(question("tasks:page", 3, cursor, null), ADA)
                        .outcome()))
                .containsExactly(30, 40, 50);
    }

    @Test
    void aCursorShowsNothingOfTheRowItPointsAt() {
        String cursor = value(ask(3, null, null)).get("continueCursor").asString();
        assertThat(new String(
                        java.util.Base64.getUrlDecoder().decode(cursor), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("20", "at");
    }

    @Test
    void aSecondPageInOneFunctionIsAMistake() {
        ProjectHouse twice = new ProjectHouse(
                postgres.dataSource(),
                ProjectHouse.standard()
                        .query(
                                "tasks:twice",
                                ProjectHouse.Paged.class,
                                dev.lockstep.live.shape.Shape.pageOf(ProjectHouse.Task.class),
                                (context, args) -> {
                                    ProjectHouse.page(context, args.paginationOpts());
                                    return ProjectHouse.page(context, args.paginationOpts());
                                }));
        assertThat(twice.ask(question("tasks:twice", 3, null, null), ADA).outcome())
                .isInstanceOf(Answer.Outcome.Failed.class);
    }
}
