package dev.lockstep.starter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lockstep.live.function.ArgField;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.Row;
import dev.lockstep.live.shape.PageOptions;
import dev.lockstep.live.shape.Shape;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.store.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;

/** Tables in which every commit leaves its name, and the functions that read and write them. See {@link Judgement}. */
final class Chronicle {
    static final int NAMES = 9;
    /** Who owns things, and whom the mirror's merge writes. */
    static final List<String> PEOPLE = List.of("user_0", "user_1", "user_2", "user_3", "user_4");

    static final int ROWS_OF_A_WINDOW = 3;
    private static final String TABLES = """
            CREATE TABLE app.versions (name text PRIMARY KEY, version int NOT NULL);
            CREATE TABLE app.things (name text PRIMARY KEY, owner text NOT NULL, value int NOT NULL);
            CREATE TABLE app.chronicle (commit text NOT NULL, name text NOT NULL, version int NOT NULL, owner text, value int);
            CREATE INDEX ON app.chronicle (name, version);
            CALL lockstep.watch('app.things', 'name', 'owner');
            CALL lockstep.watch('app.chronicle', 'name');
            INSERT INTO app.versions SELECT 'c' || i, 0 FROM generate_series(0, %d) i;
            CREATE FUNCTION app.put(c text, n text, o text, v int) RETURNS void LANGUAGE plpgsql AS $$
            DECLARE next int;
            BEGIN
              UPDATE app.versions SET version = version + 1 WHERE name = n RETURNING version INTO next;
              IF o IS NULL THEN
                DELETE FROM app.things WHERE name = n;
              ELSE
                INSERT INTO app.things VALUES (n, o, v)
                ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, value = excluded.value;
              END IF;
              INSERT INTO app.chronicle VALUES (c, n, next, o, v);
            END $$;
            CREATE FUNCTION app.person_written() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE next int;
            BEGIN
              INSERT INTO app.versions VALUES (NEW.id, 1)
              ON CONFLICT (name) DO UPDATE SET version = versions.version + 1 RETURNING version INTO next;
              INSERT INTO app.chronicle VALUES ('x' || pg_current_xact_id(), NEW.id, next,
                CASE WHEN NEW.deleted_at IS NULL THEN NEW.first_name END, 0);
              RETURN NULL;
            END $$;
            CREATE TRIGGER person_written AFTER INSERT OR UPDATE ON workos.users
              FOR EACH ROW EXECUTE FUNCTION app.person_written();
            """.formatted(NAMES - 1);
    /** Between rounds: the mirror's rows go without a trace, as no merge would let them. */
    private static final String CLEAR = """
            DELETE FROM workos.users; DELETE FROM app.chronicle; DELETE FROM app.things;
            UPDATE app.versions SET version = 0;
            """;

    private static final String OWNED = """
            SELECT t.name, u.first_name AS owner FROM app.things t JOIN workos.users u ON u.id = t.owner
            WHERE u.deleted_at IS NULL ORDER BY t.name
            """;
    private static final String JOIN = """
            SELECT t.name, t.value, c.commit FROM app.things t
            JOIN app.chronicle c ON c.name = t.name
              AND c.version = (SELECT max(version) FROM app.chronicle l WHERE l.name = t.name)
            ORDER BY t.name
            """;

    private Chronicle() {}

    record Window(PageOptions paginationOpts) {}

    record Name(String name) {}

    static String somebody(Random random) {
        return PEOPLE.get(random.nextInt(PEOPLE.size()));
    }

    static void prepare(DataSource dataSource) {
        Migrations.migrate(dataSource);
        execute(dataSource, TABLES);
    }

    static void clear(DataSource dataSource) {
        execute(dataSource, CLEAR);
    }

    static void execute(DataSource dataSource, String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    static LiveFunctions functions() {
        return things(LiveFunctions.builder().cursorSecrets(List.of("one secret for all nodes".getBytes(UTF_8))))
                .query(
                        "chronicle:window",
                        Window.class,
                        Shape.pageOf(Name.class),
                        (ctx, args) -> ctx.table("app.things")
                                .index("name")
                                .gte("c")
                                .paginate(args.paginationOpts())
                                .map(row -> new Name(String.valueOf(row.text("name")))))
                .query(
                        "chronicle:people",
                        (ctx, args) -> ctx.table("workos.users").index("id").gte("user_").collect().stream()
                                .filter(row -> row.value("deleted_at") == null)
                                .map(Chronicle::person)
                                .toList())
                .query(
                        "chronicle:person",
                        (ctx, args) -> ctx.table("workos.users")
                                .index("id")
                                .eq(args.text("id"))
                                .unique()
                                .filter(row -> row.value("deleted_at") == null)
                                .map(Chronicle::person)
                                .orElse(null),
                        ArgField.text("id"))
                .query(
                        "chronicle:owned",
                        (ctx, args) -> ctx
                                .sql(List.of(Dependency.table("app.things"), Dependency.table("workos.users")), OWNED)
                                .rows()
                                .stream()
                                .map(Row::toMap)
                                .toList())
                .build();
    }

    private static Map<String, Object> person(Row row) {
        return Map.of("id", String.valueOf(row.text("id")), "name", String.valueOf(row.text("first_name")));
    }

    private static LiveFunctions.Builder things(LiveFunctions.Builder functions) {
        return functions
                .query(
                        "chronicle:commits",
                        (ctx, args) -> ctx
                                .sql(
                                        List.of(Dependency.table("app.chronicle")),
                                        "SELECT DISTINCT commit FROM app.chronicle ORDER BY commit")
                                .rows()
                                .stream()
                                .map(row -> row.value("commit"))
                                .toList())
                .query(
                        "chronicle:get",
                        (ctx, args) -> ctx.table("app.things")
                                .index("name")
                                .eq(args.text("name"))
                                .unique()
                                .map(Row::toMap)
                                .orElse(null),
                        ArgField.text("name"))
                .query(
                        "chronicle:of",
                        (ctx, args) -> ctx.table("app.things").index("owner").eq(args.text("owner")).collect().stream()
                                .map(row -> row.value("name"))
                                .sorted(Comparator.comparing(String::valueOf))
                                .toList(),
                        ArgField.text("owner"))
                .query(
                        "chronicle:between",
                        (ctx, args) -> names(ctx.table("app.things")
                                .index("name")
                                .gte(args.text("low"))
                                .lt(args.text("high"))
                                .collect()),
                        ArgField.text("low"),
                        ArgField.text("high"))
                .query(
                        "chronicle:last",
                        (ctx, args) -> names(ctx.table("app.things")
                                .index("name")
                                .gte("c")
                                .descending()
                                .take(2)))
                .query(
                        "chronicle:page",
                        (ctx, args) -> names(ctx.table("app.things")
                                .index("name")
                                .gte("c")
                                .paginate(PageOptions.first(3))
                                .page()))
                .query(
                        "chronicle:latest",
                        (ctx, args) -> ctx
                                .sql(List.of(Dependency.table("app.things"), Dependency.table("app.chronicle")), JOIN)
                                .rows()
                                .stream()
                                .map(Row::toMap)
                                .toList())
                .mutation(
                        "chronicle:put",
                        (ctx, args) -> {
                            for (String name : args.text("names").split(",")) {
                                ctx.tx()
                                        .sql("SELECT app.put(:commit, :name, :owner, :value)::text")
                                        .param("commit", args.text("commit"))
                                        .param("name", name)
                                        .param(
                                                "owner",
                                                args.optionalText("owner").orElse(null))
                                        .param("value", (int) args.number("value"))
                                        .query(String.class)
                                        .single();
                            }
                            return args.text("commit");
                        },
                        ArgField.text("commit"),
                        ArgField.text("names"),
                        ArgField.text("owner").orNull(),
                        ArgField.number("value"));
    }

    private static List<Object> names(List<Row> rows) {
        List<Object> names = new ArrayList<>();
        rows.forEach(row -> names.add(row.value("name")));
        return names;
    }
}
