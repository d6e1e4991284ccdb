package dev.lockstep.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.identity.Caller;
import dev.lockstep.live.function.MutationRunner;
import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.Doorbell;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Durable serializable mutations a second, next to the same writes made by bare JDBC with as many connections, in turn
 * within one run: a plain UPDATE; the UPDATE under the change feed; and the UPDATE, the feed and the row that makes a
 * repetition harmless, which is what a mutation writes, this last one by {@code pgbench} too where it is installed. Knobs: seconds (of each turn), clients, rows, turns.
 */
final class MutationRate {
    private static final String CLAIM = """
            INSERT INTO lockstep.live_request (identity, client_session, request_id, ts, result)
            VALUES ('bench', ?, ?, pg_current_xact_id()::text::bigint, to_jsonb('null'::text))
            """;

    private final RoomProcess room;
    private final Knobs knobs;

    private MutationRate(RoomProcess room, Knobs knobs) {
        this.room = room;
        this.knobs = knobs;
    }

    public static void main(String[] args) throws Exception {
        Knobs knobs = new Knobs(args);
        Bench.inFolder(folder -> run(folder, knobs));
    }

    private static void run(Path folder, Knobs knobs) throws Exception {
        Bench.machine();
        try (RoomProcess room = RoomProcess.start(folder, 0, 10, knobs.get("rows", 10_000), false)) {
            new MutationRate(room, knobs).measure();
        }
    }

    /** One transaction of one client. */
    private interface Client extends AutoCloseable {
        void once(long number) throws Exception;

        @Override
        void close() throws SQLException;
    }

    private interface Clients {
        Client open() throws Exception;
    }

    private void measure() throws Exception {
        int clients = knobs.get("clients", 16);
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(room.jdbcUrl());
        pool.setUsername(room.username());
        pool.setPassword(room.password());
        pool.setMaximumPoolSize(clients);
        MutationRunner runner = new MutationRunner(
                new Database(pool),
                LiveRoom.functions(),
                InstantSource.system(),
                RandomGenerator.getDefault(),
                new MutationRunner.Limits(clients, 8, Duration.ofSeconds(10), Duration.ofSeconds(5)),
                Doorbell.silent());
        List<Double> shares = new ArrayList<>();
        for (int turn = 0; turn < knobs.get("turns", 3); turn++) {
            double plain = rate(() -> new Bare("app.bench_plain", false));
            double feed = rate(() -> new Bare("app.bench", false));
            double same = rate(() -> new Bare("app.bench", true));
            double ours = rate(() -> new Ours(runner));
            shares.add(ours / same);
            byPgbench(clients, ours);
            Bench.say(
                    "plain UPDATE %.0f/s, with the feed %.0f/s, with feed and request row %.0f/s; mutations %.0f/s: %.0f %% of the"
                            + " same writes, %.0f %% of the plain ones",
                    plain, feed, same, ours, 100 * ours / same, 100 * ours / plain);
        }
        Bench.say(
                "%d clients, shares of the same writes: %s",
                clients,
                shares.stream().map(s -> String.format(Locale.ROOT, "%.2f", s)).toList());
        pool.close();
    }

    /** The same writes by somebody else's program, if it is there. */
    private void byPgbench(int clients, double ours) throws IOException, InterruptedException {
        Optional<PgBench> pgbench = PgBench.find();
        if (pgbench.isEmpty()) {
            Bench.say("pgbench is not installed (Debian: postgresql-contrib), so it is left out");
            return;
        }
        double rate = pgbench.get().rate(room, knobs.get("rows", 10_000), clients, knobs.get("seconds", 10));
        Bench.say("pgbench with feed and request row %.0f/s: mutations are %.0f %% of that", rate, 100 * ours / rate);
    }

    private double rate(Clients clients) throws Exception {
        int count = knobs.get("clients", 16);
        long nanos = knobs.get("seconds", 10) * 1_000_000_000L;
        LongAdder done = new LongAdder();
        List<Thread> threads = new ArrayList<>();
        List<Exception> failures = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try (Client client = clients.open()) {
                    for (long number = 0; System.nanoTime() - began < nanos; number++) {
                        client.once(number);
                        done.increment();
                    }
                } catch (Exception e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        return done.sum() / ((System.nanoTime() - began) / 1e9);
    }

    private String row() {
        return "row" + ThreadLocalRandom.current().nextInt(knobs.get("rows", 10_000));
    }

    /** Prepared statements on one connection. */
    private final class Bare implements Client {
        private final Connection connection =
                DriverManager.getConnection(room.jdbcUrl(), room.username(), room.password());
        private final PreparedStatement update;
        private final PreparedStatement claim;
        private final boolean claims;
        private final UUID session = UUID.randomUUID();

        Bare(String table, boolean claims) throws SQLException {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setAutoCommit(false);
            this.claims = claims;
            this.update =
                    connection.prepareStatement("UPDATE " + table + " SET value = ?, hits = hits + 1 WHERE id = ?");
            this.claim = connection.prepareStatement(CLAIM);
        }

        @Override
        public void once(long number) throws SQLException {
            while (true) {
                try {
                    if (claims) {
                        claim.setObject(1, session);
                        claim.setLong(2, number);
                        claim.executeUpdate();
                    }
                    update.setString(1, "v" + number);
                    update.setString(2, row());
                    update.executeUpdate();
                    connection.commit();
                    return;
                } catch (SQLException e) {
                    connection.rollback();
                    if (!"40001".equals(e.getSQLState())) {
                        throw e;
                    }
                }
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** What a socket does with a mutation, without the socket. */
    private final class Ours implements Client {
        private final MutationRunner runner;
        private final UUID session = UUID.randomUUID();

        Ours(MutationRunner runner) {
            this.runner = runner;
        }

        @Override
        public void once(long number) {
            var args = JsonMapper.shared().createObjectNode().put("id", row()).put("value", "v" + number);
            MutationRunner.Reply reply = runner.run(
                    new MutationRunner.Request(
                            new Caller.Anonymous(),
                            session,
                            number,
                            new Call(FunctionPath.of("bench:put"), args, null)),
                    new MutationRunner.Watch() {
                        @Override
                        public void began(long xid) {}

                        @Override
                        public void rolledBack(long xid) {}
                    });
            if (!(reply instanceof MutationRunner.Reply.Committed)) {
                throw new IllegalStateException("not carried out: " + reply);
            }
        }

        @Override
        public void close() {}
    }
}
