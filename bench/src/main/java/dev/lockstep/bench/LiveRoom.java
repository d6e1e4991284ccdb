package dev.lockstep.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.embedded.EmbeddedPostgres;
import dev.lockstep.embedded.EmbeddedPostgresSettings;
import dev.lockstep.live.LiveEngine;
import dev.lockstep.live.LiveSettings;
import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.live.function.ArgField;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.starter.socket.SocketConfiguration;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.store.feed.FeedSettings;
import dev.lockstep.store.feed.Pruner;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The live room alone, in a process of its own: the starter's socket endpoint on Jetty, the engine, and an embedded
 * PostgreSQL that loses nothing, with one table of rows. Arguments: folder, port (0 for any), most sockets, rows,
 * compression. Says "room ready PORT JDBC-URL USER PASSWORD"; answers each line on its input with a line about its heap.
 */
public final class LiveRoom {
    private static final String ROWS = """
            CREATE SCHEMA IF NOT EXISTS app;
            CREATE TABLE IF NOT EXISTS app.bench (id text PRIMARY KEY, value text NOT NULL, hits bigint NOT NULL DEFAULT 0);
            CREATE TABLE IF NOT EXISTS app.bench_plain (LIKE app.bench INCLUDING ALL);
            CALL lockstep.watch('app.bench', 'id');
            INSERT INTO app.bench SELECT 'row' || i, '0' FROM generate_series(0, {rows}) i ON CONFLICT DO NOTHING;
            INSERT INTO app.bench VALUES ('hot', '0') ON CONFLICT DO NOTHING;
            INSERT INTO app.bench_plain SELECT * FROM app.bench ON CONFLICT DO NOTHING;
            """;
    /** What is written says when, in microseconds: the last statement of its transaction, so just before the commit. */
    private static final String STAMP = """
            UPDATE app.bench SET hits = hits + 1,
              value = :value || ' ' || CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)
            WHERE id = :id
            """;

    private static final int POOL = 16;

    private LiveRoom() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(
                EmbeddedPostgresSettings.in(folder.resolve("binaries"), folder.resolve("database")));
        HikariDataSource pool = pool(postgres);
        Migrations.migrate(pool);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(ROWS.replace("{rows}", Integer.toString(Integer.parseInt(args[3]))));
        }
        Room.pool = pool;
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Room.class)
                .bannerMode(org.springframework.boot.Banner.Mode.OFF)
                .logStartupInfo(false)
                .run(
                        "--spring.config.name=room",
                        "--server.port=" + args[1],
                        "--server.address=127.0.0.1",
                        "--spring.threads.virtual.enabled=true",
                        "--logging.level.root=WARN",
                        "--lockstep.public-url=http://localhost",
                        "--lockstep.live.max-sockets=" + args[2],
                        "--lockstep.live.compression=" + args[4]);
        System.out.printf(
                "room ready %s %s %s %s%n",
                context.getEnvironment().getProperty("local.server.port"),
                postgres.jdbcUrl(),
                postgres.username(),
                postgres.password());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.gc();
            System.out.printf(
                    "heap %d sockets %d%n",
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    context.getBean(LiveEngine.class).openSockets());
        }
        context.close();
        pool.close();
        postgres.close();
    }

    private static HikariDataSource pool(EmbeddedPostgres postgres) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(postgres.jdbcUrl());
        pool.setUsername(postgres.username());
        pool.setPassword(postgres.password());
        pool.setMaximumPoolSize(POOL);
        return pool;
    }

    static LiveFunctions functions() {
        return LiveFunctions.builder()
                .query(
                        "bench:row",
                        (ctx, args) -> ctx.table("app.bench")
                                .index("id")
                                .eq(args.text("id"))
                                .unique()
                                .map(row -> row.value("value"))
                                .orElse(null),
                        ArgField.text("id"))
                .mutation(
                        "bench:put",
                        (ctx, args) -> {
                            ctx.tx()
                                    .sql("UPDATE app.bench SET value = :value, hits = hits + 1 WHERE id = :id")
                                    .param("value", args.text("value"))
                                    .param("id", args.text("id"))
                                    .update();
                            return null;
                        },
                        ArgField.text("id"),
                        ArgField.text("value"))
                .mutation(
                        "bench:stamp",
                        (ctx, args) -> {
                            ctx.tx()
                                    .sql(STAMP)
                                    .param("value", args.text("value"))
                                    .param("id", args.text("id"))
                                    .update();
                            return null;
                        },
                        ArgField.text("id"),
                        ArgField.text("value"))
                .build();
    }

    /** The web side: sockets and nothing else of the server. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "dev.lockstep.starter.LockstepAutoConfiguration",
                "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
            })
    @EnableConfigurationProperties(LockstepProperties.class)
    @Import(SocketConfiguration.class)
    public static class Room {
        /** Set once, before the context starts. */
        static HikariDataSource pool = new HikariDataSource();

        @Bean(initMethod = "start", destroyMethod = "close")
        FeedReader feed() {
            return new FeedReader(pool, UUID.randomUUID(), FeedSettings.defaults());
        }

        @Bean(initMethod = "start", destroyMethod = "close")
        Pruner pruner() {
            return new Pruner(new Database(pool), Pruner.Settings.defaults());
        }

        @Bean
        CallerAuthority nobody() {
            return token -> new CallerAuthority.Verdict.Refused("There are no people here.");
        }

        @Bean(initMethod = "start", destroyMethod = "close")
        LiveEngine engine(FeedReader feed, CallerAuthority nobody, LockstepProperties properties) {
            int sockets = properties.live().maxSockets();
            return new LiveEngine(
                    new Database(pool),
                    feed,
                    functions(),
                    nobody,
                    LiveSettings.DEFAULTS.withCrowd(LiveSettings.Crowd.DEFAULTS.withSockets(sockets, sockets)),
                    InstantSource.system());
        }
    }
}
