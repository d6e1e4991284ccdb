package dev.lockstep.live.function;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.live.shape.Page;
import dev.lockstep.live.shape.PageOptions;
import dev.lockstep.live.shape.Shape;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A table that belongs to organizations, functions over it, and calls of them without sockets. */
public final class ProjectHouse {
    static final String TABLES = """
            CREATE TABLE app.tasks (
              id uuid PRIMARY KEY,
              organization_id text NOT NULL,
              title text COLLATE "C" NOT NULL,
              rank int NOT NULL,
              due_at timestamptz NOT NULL,
              done boolean NOT NULL DEFAULT false
            );
            CREATE INDEX tasks_by_rank ON app.tasks (organization_id, rank, id);
            CREATE INDEX tasks_by_title ON app.tasks (organization_id, title, id);
            CREATE INDEX tasks_by_due ON app.tasks (organization_id, due_at, id);
            CALL lockstep.watch('app.tasks', 'id', 'organization_id', 'rank', 'title', 'due_at');
            CREATE TABLE app.labels (name text PRIMARY KEY, colour text);
            CALL lockstep.watch('app.labels', 'name');
            CREATE TABLE app.tallies (id uuid PRIMARY KEY, organization_id text NOT NULL);
            CALL lockstep.watch('app.tallies', 'id', 'organization_id');
            """;

    /** A row. */
    public record Task(UUID id, String organizationId, String title, int rank, Instant dueAt, boolean done) {}

    /** One label. */
    public record Label(String name, @Nullable String colour) {}

    public record ByRank(int least) {}

    public record Paged(PageOptions paginationOpts) {}

    public record One(UUID id) {}

    static final LiveTable<Task> TASKS = LiveTable.of("app.tasks", Task.class)
            .index("by_rank", "organization_id", "rank")
            .index("by_title", "organization_id", "title")
            .index("by_due", "organization_id", "due_at");

    static final byte[] SECRET =
            "a secret of more than sixteen bytes".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    final Database database;
    final FunctionCalls calls;
    final QueryRunner queries;
    final LiveFunctions functions;

    public ProjectHouse(DataSource dataSource, LiveFunctions.Builder builder) {
        this.database = new Database(dataSource);
        this.functions = builder.build();
        InstantSource clock = InstantSource.system();
        Random random = new Random(7);
        MutationRunner mutations = new MutationRunner(
                database, functions, clock, random, new MutationRunner.Limits(4, 4, Duration.ofSeconds(5)), () -> {});
        this.queries = new QueryRunner(functions, clock, random);
        this.calls = new FunctionCalls(
                database,
                functions,
                mutations,
                clock,
                random,
                new FunctionCalls.Limits(4, Duration.ofSeconds(5), Duration.ofMinutes(1)));
    }

    public static void prepare(DataSource dataSource) {
        Migrations.migrate(dataSource);
        new Database(dataSource).<Integer>write(tx -> tx.sql(TABLES).update());
    }

    /** The functions that tests call, for callers in an organization. */
    static LiveFunctions.Builder standard() {
        return LiveFunctions.builder()
                .cursorSecrets(List.of(SECRET))
                .checkingSql()
                .query(
                        "tasks:get",
                        One.class,
                        Shape.of(Task.class).orNull(),
                        (context, args) -> context.table(TASKS).get(args.id()).orElse(null))
                .query(
                        "tasks:fromRank",
                        ByRank.class,
                        Shape.listOf(Task.class),
                        (context, args) -> context.table(TASKS)
                                .index("by_rank")
                                .eq(organization(context))
                                .gte(args.least())
                                .collect())
                .query(
                        "tasks:page",
                        Paged.class,
                        Shape.pageOf(Task.class),
                        (context, args) -> page(context, args.paginationOpts()));
    }

    static Page<Task> page(QueryContext context, PageOptions options) {
        return context.table(TASKS).index("by_rank").eq(organization(context)).paginate(options);
    }

    static String organization(QueryContext context) {
        return Optional.of(context.caller())
                .flatMap(Callers::organization)
                .map(OrganizationId::value)
                .orElseThrow(Callers::noOrganization);
    }

    static Caller.SignedIn member(String organization) {
        return new Caller.SignedIn(
                new UserId("user_of_" + organization),
                new SessionId("session_" + organization),
                new OrganizationId(organization),
                Set.of(),
                Set.of(),
                null);
    }

    Answer ask(Question question, Caller caller) {
        return database.read(tx -> {
            queries.begin(tx, 5_000);
            return queries.answer(tx, question, caller);
        });
    }

    void sql(String statement) {
        database.<Integer>write(tx -> tx.sql(statement).update());
    }

    void task(String organization, int rank) {
        sql(
                "INSERT INTO app.tasks (id, organization_id, title, rank, due_at) VALUES (gen_random_uuid(), '%s', 't%d', %d, now())"
                        .formatted(organization, rank, rank));
    }
}
