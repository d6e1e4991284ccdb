package dev.lockstep.live;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.live.function.ArgField;
import dev.lockstep.live.function.LiveError;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.Row;
import dev.lockstep.live.http.ConsistentReads;
import dev.lockstep.live.http.FunctionsOverHttp;
import dev.lockstep.live.shape.PageOptions;
import dev.lockstep.live.shape.Shape;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.store.feed.FeedSettings;
import dev.lockstep.store.feed.HeldSnapshots;
import dev.lockstep.store.feed.MomentReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import javax.sql.DataSource;

/** One node over a database with a table of counters, and the functions that the tests call. */
final class LiveHouse implements AutoCloseable {
    static final String TABLE = """
            CREATE TABLE app.counters (name text COLLATE "C" PRIMARY KEY, owner text NOT NULL, value int NOT NULL);
            CALL lockstep.watch('app.counters', 'name', 'owner');
            CREATE TABLE app.unwatched (name text);
            """;

    record Paged(PageOptions paginationOpts) {}

    record Named(String name) {}

    record Types(long big, byte[] bytes, double number) {}

    final DataSource dataSource;
    final FeedReader feed;
    final LiveEngine engine;
    final HeldSnapshots held;
    final AtomicInteger queryRuns = new AtomicInteger();
    final AtomicInteger mutationRuns = new AtomicInteger();
    /** Runs inside counters:add, after its write and before its commit. */
    volatile Runnable beforeCommit = () -> {};
    /** Runs once, right after the next commit of a mutation and before its page can hear of it. */
    final AtomicReference<Runnable> afterCommit = new AtomicReference<>();

    LiveHouse(DataSource dataSource) {
        this(dataSource, LiveSettings.DEFAULTS, InstantSource.system(), LiveHouse::verdict);
    }

    LiveHouse(DataSource dataSource, LiveSettings settings, InstantSource clock, CallerAuthority authority) {
        this(dataSource, settings, clock, authority, null);
    }

    /** A house with functions of its own. */
    static LiveHouse with(DataSource dataSource, LiveFunctions functions) {
        return new LiveHouse(dataSource, LiveSettings.DEFAULTS, InstantSource.system(), LiveHouse::verdict, functions);
    }

    LiveHouse(
            DataSource dataSource,
            LiveSettings settings,
            InstantSource clock,
            CallerAuthority authority,
            LiveFunctions functions) {
        this.dataSource = dataSource;
        this.feed = new FeedReader(dataSource, UUID.randomUUID(), FeedSettings.defaults());
        this.engine = new LiveEngine(
                new Database(telling(dataSource)),
                feed,
                functions == null ? functions() : functions,
                authority,
                settings,
                clock);
        this.held = new HeldSnapshots(dataSource, new HeldSnapshots.Settings(4, Duration.ofSeconds(30)), clock);
        feed.start();
        engine.start();
        held.start();
    }

    /** The same functions over HTTP. */
    FunctionsOverHttp http(CallerAuthority authority) {
        MomentReader moments = new MomentReader(new Database(dataSource));
        return new FunctionsOverHttp(engine.calls(), authority, new ConsistentReads(held, moments), 16);
    }

    private DataSource telling(DataSource pool) {
        return proxy(
                DataSource.class,
                pool,
                (name, result) -> result instanceof Connection connection
                        ? proxy(Connection.class, connection, (call, nothing) -> {
                            Runnable hook = call.equals("commit") && mutationRuns.get() > 0
                                    ? afterCommit.getAndSet(null)
                                    : null;
                            if (hook != null) {
                                hook.run();
                            }
                            return nothing;
                        })
                        : result);
    }

    private static <T> T proxy(Class<T> type, T target, BiFunction<String, Object, Object> after) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            try {
                return after.apply(method.getName(), method.invoke(target, args));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    static void prepare(DataSource dataSource) {
        Migrations.migrate(dataSource);
        execute(dataSource, TABLE);
    }

    static void execute(DataSource dataSource, String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The value of the counter 'a'. */
    int value() {
        return new Database(dataSource)
                .<Integer>read(tx -> tx.sql("SELECT value FROM app.counters WHERE name = 'a'")
                        .query(Integer.class)
                        .single());
    }

    void sql(String sql) {
        execute(dataSource, sql);
    }

    /** Tokens are {@code user:name}; others are refused or cannot be verified, as they say. */
    static CallerAuthority.Verdict verdict(String token) {
        return switch (token) {
            case "unverifiable" -> new CallerAuthority.Verdict.CannotVerify("The keys are out of reach.");
            case String good
            when good.startsWith("user:") ->
                new CallerAuthority.Verdict.Accepted(
                        caller(good.substring(5)), Instant.now().plus(Duration.ofMinutes(5)), Instant.now());
            default -> new CallerAuthority.Verdict.Refused("The token is not good.");
        };
    }

    static Caller.SignedIn caller(String name) {
        return new Caller.SignedIn(
                new UserId("user_" + name), new SessionId("session_" + name), null, Set.of(), Set.of(), null);
    }

    private LiveFunctions functions() {
        return LiveFunctions.builder()
                .query(
                        "counters:get",
                        (ctx, args) -> {
                            queryRuns.incrementAndGet();
                            return ctx.table("app.counters")
                                    .index("name")
                                    .eq(args.text("name"))
                                    .unique()
                                    .map(row -> row.value("value"))
                                    .orElse(null);
                        },
                        ArgField.text("name"))
                .query("counters:sum", (ctx, args) -> {
                    queryRuns.incrementAndGet();
                    return ctx.sql(
                                    List.of(Dependency.table("app.counters")),
                                    "SELECT coalesce(sum(value), 0)::int AS total FROM app.counters")
                            .first()
                            .orElseThrow()
                            .value("total");
                })
                .query("counters:mine", (ctx, args) -> {
                    queryRuns.incrementAndGet();
                    String owner = ctx.caller() instanceof Caller.SignedIn signedIn
                            ? signedIn.user().value()
                            : "nobody";
                    return ctx.table("app.counters").index("owner").eq(owner).collect().stream()
                            .map(Row::toMap)
                            .toList();
                })
                .query(
                        "counters:unwatched",
                        (ctx, args) ->
                                ctx.table("app.unwatched").index("name").eq("x").first())
                .query(
                        "counters:divide",
                        (ctx, args) -> ctx.sql(
                                        List.of(Dependency.table("app.counters")),
                                        "SELECT 10 / value AS result FROM app.counters WHERE name = 'divisor'")
                                .first()
                                .map(Row::toMap)
                                .orElse(null))
                .query("counters:told", (ctx, args) -> {
                    throw new LiveError("Not for you", Map.of("code", "FORBIDDEN"));
                })
                .query(
                        "counters:slow",
                        (ctx, args) -> ctx.sql(
                                        List.of(Dependency.table("app.counters")), "SELECT pg_sleep(5)::text AS slept")
                                .first()
                                .map(Row::toMap)
                                .orElse(null))
                .internalQuery("counters:secret", (ctx, args) -> "secret")
                .mutation(
                        "counters:add",
                        (ctx, args) -> {
                            mutationRuns.incrementAndGet();
                            String owner = ctx.caller() instanceof Caller.SignedIn signedIn
                                    ? signedIn.user().value()
                                    : "nobody";
                            int value = ctx.tx()
                                    .sql("""
                                            INSERT INTO app.counters AS c (name, owner, value)
                                            VALUES (:name, :owner, :by)
                                            ON CONFLICT (name) DO UPDATE SET value = c.value + :by RETURNING value
                                            """)
                                    .param("name", args.text("name"))
                                    .param("owner", owner)
                                    .param("by", (int) args.number("by"))
                                    .query(Integer.class)
                                    .single();
                            beforeCommit.run();
                            return value;
                        },
                        ArgField.text("name"),
                        ArgField.number("by"))
                .action(
                        "counters:addTwice",
                        (ctx, args) -> {
                            ctx.mutation("counters:add", Map.of("name", args.text("name"), "by", 1));
                            return ctx.mutation("counters:add", Map.of("name", args.text("name"), "by", 1));
                        },
                        ArgField.text("name"))
                .action("counters:refused", (ctx, args) -> ctx.query("counters:told", Map.of()))
                .action("counters:secretly", (ctx, args) -> ctx.query("counters:secret", Map.of()))
                .query(
                        "counters:page",
                        Paged.class,
                        Shape.pageOf(Named.class),
                        (ctx, args) -> ctx.table("app.counters")
                                .index("name")
                                .paginate(args.paginationOpts())
                                .map(row -> new Named(String.valueOf(row.text("name")))))
                .query("counters:types", Types.class, Shape.of(Types.class), (ctx, args) -> args)
                .mutation("counters:nothing", (ctx, args) -> null)
                .mutation("counters:broken", (ctx, args) -> {
                    throw new IllegalStateException("hidden detail");
                })
                .mutation("counters:refuse", (ctx, args) -> {
                    ctx.tx().sql("DELETE FROM app.counters").update();
                    throw new LiveError("Not today", null);
                })
                .build();
    }

    @Override
    public void close() {
        engine.close();
        held.close();
        feed.close();
    }
}
