package dev.lockstep.live.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.shape.Shape;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.store.feed.HeldSnapshots;
import dev.lockstep.store.feed.MomentReader;
import dev.lockstep.store.feed.Ts;
import dev.lockstep.testing.PostgresExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/** Both walls between organizations: the reader's filter, and the database's own with the filters taken away. */
class OrganizationWallTest {
    private static final Caller ADA = ProjectHouse.member("org_a");
    private static final Caller BOB = ProjectHouse.member("org_b");
    private static final List<Dependency> TASKS = List.of(Dependency.table("app.tasks"));
    private static final String COUNT = "SELECT count(*)::int AS n FROM app.tasks";

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("projects", ProjectHouse::prepare);

    private ProjectHouse house;

    @BeforeEach
    void open() {
        house = new ProjectHouse(postgres.dataSource(), functions());
        for (int i = 0; i < 3; i++) {
            house.task("org_a", i);
        }
        house.task("org_b", 7);
        house.sql("INSERT INTO app.labels VALUES ('red', NULL)");
    }

    private static LiveFunctions.Builder functions() {
        return ProjectHouse.standard()
                .query(
                        "unfiltered:sql",
                        (context, args) ->
                                context.sql(TASKS, COUNT).first().orElseThrow().value("n"))
                .query(
                        "unfiltered:undeclared",
                        (context, args) -> context.sql(
                                        List.of(Dependency.table("app.labels")),
                                        "SELECT (SELECT count(*)::int FROM app.tasks) AS n FROM app.labels")
                                .ignoring("app.tasks")
                                .first()
                                .orElseThrow()
                                .value("n"))
                .query(
                        "unfiltered:all",
                        (context, args) -> context.sql(TASKS, COUNT)
                                .acrossOrganizations()
                                .first()
                                .orElseThrow()
                                .value("n"))
                .query(
                        "reader:every",
                        NoArgs.class,
                        Shape.listOf(ProjectHouse.Task.class),
                        (context, args) ->
                                context.table(ProjectHouse.TASKS).index("rank").collect())
                .query(
                        "reader:across",
                        NoArgs.class,
                        Shape.listOf(ProjectHouse.Task.class),
                        (context, args) ->
                                context.table(ProjectHouse.TASKS).index("rank").collect(),
                        Access.ACROSS_ORGANIZATIONS)
                .query(
                        "reader:theirs",
                        NoArgs.class,
                        Shape.listOf(ProjectHouse.Task.class),
                        (context, args) -> context.table(ProjectHouse.TASKS)
                                .index("by_rank")
                                .eq("org_b")
                                .collect())
                .query(
                        "labels:all", (context, args) -> (double)
                                context.sql(List.of(Dependency.table("app.labels")), "SELECT name FROM app.labels")
                                        .rows()
                                        .size())
                .query("failing:first", (context, args) -> {
                    context.sql(TASKS, COUNT).first();
                    return context.sql(TASKS, "SELECT 1 / (count(*) - count(*)) AS n FROM app.tasks")
                            .first();
                })
                .query(
                        "page:every",
                        ProjectHouse.Paged.class,
                        Shape.pageOf(ProjectHouse.Task.class),
                        (context, args) ->
                                context.table(ProjectHouse.TASKS).index("rank").paginate(args.paginationOpts()))
                .query(
                        "write:attempt",
                        (context, args) -> context.sql(TASKS, "UPDATE app.tasks SET rank = 0 RETURNING rank")
                                .first()
                                .isPresent());
    }

    private Answer.Outcome ask(String path, Caller caller) {
        return house.ask(new Question(path, "", "{}"), caller).outcome();
    }

    @Test
    void withTheFiltersTakenAwayTheDatabaseStillShowsOwnRowsOnly() {
        assertThat(ask("unfiltered:sql", ADA)).isEqualTo(new Answer.Outcome.Value("3"));
        assertThat(ask("unfiltered:sql", BOB)).isEqualTo(new Answer.Outcome.Value("1"));
    }

    @Test
    void itStandsAtAnEarlierMomentToo() {
        try (HeldSnapshots held = new HeldSnapshots(
                postgres.dataSource(), new HeldSnapshots.Settings(1, Duration.ofSeconds(30)), InstantSource.system())) {
            assertThat(held.take()).isInstanceOfSatisfying(HeldSnapshots.Hold.Opened.class, moment -> {
                house.task("org_a", 8);
                house.task("org_b", 8);
                assertThat(ask("unfiltered:sql", ADA, moment.ts())).isEqualTo("3");
                assertThat(ask("unfiltered:sql", BOB, moment.ts())).isEqualTo("1");
                assertThat(ask("unfiltered:sql", new Caller.Anonymous(), moment.ts()))
                        .isEqualTo("0");
            });
            assertThat(ask("unfiltered:sql", ADA)).isEqualTo(new Answer.Outcome.Value("4"));
        }
    }

    private String ask(String path, Caller caller, Ts moment) {
        var at = new MomentReader(house.database).at(moment);
        assertThat(at).isInstanceOf(MomentReader.At.Open.class);
        Call call = new Call(FunctionPath.of(path), JsonMapper.shared().createObjectNode(), null);
        var reply = house.calls.query(caller, call, ((MomentReader.At.Open) at).read());
        return reply instanceof FunctionCalls.Reply.Done(String json) ? json : reply.toString();
    }

    @Test
    void withoutAnOrganizationThereIsNothing() {
        assertThat(ask("unfiltered:sql", new Caller.Anonymous())).isEqualTo(new Answer.Outcome.Value("0"));
    }

    @Test
    void aStatementThatDeclaresNoTableOfOrganizationsSeesNoneOfTheirRows() {
        assertThat(ask("unfiltered:undeclared", ADA)).isEqualTo(new Answer.Outcome.Value("0"));
    }

    @Test
    void lookingAcrossOrganizationsMustBeSaid() {
        assertThat(ask("unfiltered:all", ADA)).isEqualTo(new Answer.Outcome.Value("4"));
        assertThat(ask("reader:across", ADA).toString()).contains("characters");
    }

    @Test
    void theReaderFiltersByItselfAndRefusesCallersWithoutAnOrganization() {
        assertThat(rows(ask("reader:every", ADA))).isEqualTo(3);
        assertThat(rows(ask("reader:across", ADA))).isEqualTo(4);
        assertThat(rows(ask("reader:theirs", ADA))).isZero();
        Answer.Outcome.Failed nobody = (Answer.Outcome.Failed) ask("reader:every", new Caller.Anonymous());
        assertThat(nobody.failure().dataJson()).isEqualTo("{\"code\":\"UNAUTHORIZED\"}");
    }

    private static int rows(Answer.Outcome outcome) {
        return tools.jackson.databind.json.JsonMapper.shared()
                .readTree(((Answer.Outcome.Value) outcome).json())
                .size();
    }

    @Test
    void anAnswerFromTablesOfNobodyIsSharedByAll() {
        assertThat(house.ask(new Question("labels:all", "", "{}"), ADA).callerUsed())
                .isFalse();
        assertThat(house.ask(new Question("unfiltered:sql", "", "{}"), ADA).callerUsed())
                .isTrue();
    }

    @Test
    void aQueryCannotWrite() {
        assertThat(ask("write:attempt", ADA)).isInstanceOf(Answer.Outcome.Failed.class);
        assertThat(ask("unfiltered:sql", ADA)).isEqualTo(new Answer.Outcome.Value("3"));
    }

    @Test
    void otherCodeIsNotHurtByTheWall() {
        assertThat(house.database.<Integer>read(
                        tx -> tx.sql(COUNT).query(Integer.class).single()))
                .isEqualTo(4);
        assertThat(house.database.<Integer>write(tx -> {
                    tx.sql("SELECT set_config('role', 'lockstep_reader', true)")
                            .query(String.class)
                            .single();
                    return tx.sql(COUNT).query(Integer.class).single();
                }))
                .isZero();
    }

    @Test
    void severalQuestionsInOneTransactionEachSeeTheirOwn() {
        List<Answer.Outcome> outcomes = house.database.read(tx -> {
            house.queries.begin(tx, 5_000);
            List<Answer.Outcome> all = new ArrayList<>();
            for (Caller caller : List.of(ADA, BOB, new Caller.Anonymous(), ADA)) {
                all.add(house.queries
                        .answer(tx, new Question("unfiltered:sql", "", "{}"), caller)
                        .outcome());
            }
            house.queries.end(tx);
            assertThat(tx.sql("SELECT current_setting('role')")
                            .query(String.class)
                            .single())
                    .isEqualTo("none");
            return all;
        });
        assertThat(outcomes)
                .extracting(outcome -> ((Answer.Outcome.Value) outcome).json())
                .containsExactly("3", "1", "0", "3");
    }

    @Test
    void aConnectionGivenBackAfterAFailureCarriesNoOrganization() throws Exception {
        int rounds = 2_000;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<String>> work = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                Caller caller = switch (i % 3) {
                    case 0 -> ADA;
                    case 1 -> BOB;
                    default -> new Caller.Anonymous();
                };
                String path = i % 5 == 0 ? "failing:first" : "unfiltered:sql";
                String expected = switch (i % 3) {
                    case 0 -> "3";
                    case 1 -> "1";
                    default -> "0";
                };
                work.add(() -> ask(path, caller) instanceof Answer.Outcome.Value value
                                && !value.json().equals(expected)
                        ? "saw " + value.json() + " instead of " + expected
                        : "");
            }
            for (Future<String> done : threads.invokeAll(work)) {
                assertThat(done.get()).isEmpty();
            }
        }
        assertThat(house.database.<String>read(
                        tx -> tx.sql("SELECT coalesce(current_setting('lockstep.organization', true), '')")
                                .query(String.class)
                                .single()))
                .isEmpty();
    }

    @Test
    void aPageOfAnotherOrganizationCannotBeContinued() {
        String args = "{\"paginationOpts\":{\"numItems\":2,\"cursor\":null}}";
        String cursor = tools.jackson.databind.json.JsonMapper.shared()
                .readTree(((Answer.Outcome.Value) house.ask(new Question("page:every", "", args), ADA)
                                .outcome())
                        .json())
                .get("continueCursor")
                .asString();
        Answer.Outcome outcome = house.ask(
                        new Question("page:every", "", args.replace("null", "\"" + cursor + "\"")), BOB)
                .outcome();
        assertThat(((Answer.Outcome.Failed) outcome).failure().message()).startsWith("InvalidCursor");
    }
}
