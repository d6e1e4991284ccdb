package dev.lockstep.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.embedded.EmbeddedPostgres;
import dev.lockstep.embedded.EmbeddedPostgresSettings;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.backfill.Backfill;
import dev.lockstep.sync.backfill.Backfill.Start;
import dev.lockstep.sync.backfill.Backfill.Summary;
import dev.lockstep.sync.backfill.Totals;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.reconcile.Reconcile;
import dev.lockstep.sync.reconcile.Reconcile.Mode;
import dev.lockstep.sync.reconcile.Verdict;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A backfill of made-up answers into an embedded PostgreSQL that loses nothing: rows a second from the bytes of an
 * answer to the commit, and the heap while they stream. Then the same backfill again, and a comparison of everything.
 * Knobs: users, organizations, members (of each), lanes, plain (0 leaves out what PostgreSQL
 * alone needs for such rows), again (0 leaves out everything after the first backfill).
 */
final class SnapshotRows {
    private static final int LOOKS = 12;

    private SnapshotRows() {}

    public static void main(String[] args) throws Exception {
        Knobs knobs = new Knobs(args);
        int users = knobs.get("users", 200_000);
        int organizations = knobs.get("organizations", 2_000);
        int members = knobs.get("members", 400);
        int lanes = lanes(knobs);
        Bench.inFolder(folder -> {
            Bench.machine();
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(settings(folder));
                    HikariDataSource connections = connections(postgres, lanes)) {
                Migrations.migrate(connections);
                MadeUpLists lists = new MadeUpLists(users, organizations, members);
                if (knobs.get("plain", 1) != 0) {
                    new PlainUpserts(connections, lists, Math.min(users, 40_000), 100).measure();
                }
                measure(new Database(connections), lists, knobs);
            }
        });
    }

    private static void measure(Database database, MadeUpLists lists, Knobs knobs) throws IOException {
        int lanes = lanes(knobs);
        Backfill backfill = new Backfill(database, lists, "bench", lanes, Doorbell.silent());
        backfill("first backfill", backfill, lists, lanes);
        if (knobs.get("again", 1) == 0) {
            return;
        }
        backfill("the same again", backfill, lists, lanes);
        Reconcile reconcile = new Reconcile(
                database,
                lists,
                new Freshness(database, "bench"),
                new Reconcile.Settings(lanes, Duration.ZERO),
                Doorbell.silent());
        long began = System.nanoTime();
        Verdict verdict = reconcile.run(Mode.DRY_RUN, totals -> {});
        double seconds = (System.nanoTime() - began) / 1e9;
        if (verdict.drift() != 0 || verdict.failed() != 0 || verdict.listsExact() != verdict.lists()) {
            throw new IllegalStateException("the comparison found drift: " + verdict);
        }
        Bench.say(
                "%-16s %,d objects in %.1f s, %,.0f/s",
                "comparison", verdict.seen(), seconds, verdict.seen() / seconds);
    }

    private static void backfill(String name, Backfill backfill, MadeUpLists lists, int lanes) throws IOException {
        long bytes = lists.bytes();
        Heap heap = new Heap();
        CpuTimes before = CpuTimes.now(ProcessHandle.current());
        long began = System.nanoTime();
        Summary summary = backfill.run(Start.FRESH, heap);
        double seconds = (System.nanoTime() - began) / 1e9;
        if (!summary.isComplete() || summary.deleted() > 0) {
            throw new IllegalStateException("the backfill is not complete: " + summary);
        }
        Bench.say(
                "%-16s %,d objects on %,d pages in %.1f s, %,.0f/s (%,.1f MB/s), %d lanes, %,d rows written",
                name,
                summary.seen(),
                summary.pages(),
                seconds,
                summary.seen() / seconds,
                (lists.bytes() - bytes) / seconds / 1e6,
                lanes,
                summary.written());
        CpuTimes spent = CpuTimes.now(ProcessHandle.current()).since(before);
        Bench.say(
                "%-16s processor time of an object: Java %.1f µs, PostgreSQL %.1f µs",
                "", spent.server() * 1e6 / summary.seen(), spent.postgres() * 1e6 / summary.seen());
        Bench.say("%-16s %s", "", heap);
    }

    private static int lanes(Knobs knobs) {
        return knobs.get("lanes", 8);
    }

    /** What is left on the heap after a collection, each time another hundred thousand objects went through. */
    private static final class Heap implements Consumer<Totals> {
        private final StringBuilder said = new StringBuilder("heap after a collection, MiB:");
        private long next = 100_000;
        private int looks;

        @Override
        public void accept(Totals totals) {
            if (totals.seen() >= next && looks < LOOKS) {
                next += 100_000;
                looks++;
                System.gc();
                said.append(' ')
                        .append(ManagementFactory.getMemoryMXBean()
                                        .getHeapMemoryUsage()
                                        .getUsed()
                                >> 20);
            }
        }

        @Override
        public String toString() {
            return said.toString();
        }
    }

    private static EmbeddedPostgresSettings settings(Path folder) {
        return EmbeddedPostgresSettings.in(folder.resolve("binaries"), folder.resolve("database"));
    }

    private static HikariDataSource connections(EmbeddedPostgres postgres, int lanes) {
        HikariDataSource connections = new HikariDataSource();
        connections.setJdbcUrl(postgres.jdbcUrl());
        connections.setUsername(postgres.username());
        connections.setPassword(postgres.password());
        connections.setMaximumPoolSize(lanes + 1);
        return connections;
    }
}
