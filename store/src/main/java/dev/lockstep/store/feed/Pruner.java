package dev.lockstep.store.feed;

import dev.lockstep.store.Database;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Keeps the change log short: deletes what is old enough and has been passed by every durable reader and every node
 * that is alive. Any number of nodes may run it; one at a time does the work.
 */
public final class Pruner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pruner.class);
    private static final String CLAIM = "SELECT pg_try_advisory_xact_lock(hashtextextended('lockstep.prune', 0))";
    private static final int BATCH = 10_000;

    private final Database database;
    private final Settings settings;
    private final ChangeLog log = new ChangeLog();
    private final Bell bell = new Bell();
    private final Thread thread;
    private boolean started;

    /**
     * @param age how old a change must be at least
     * @param silence how long a node may be silent before it is dropped and, when it comes back, starts fresh
     * @param every how often to prune
     */
    public record Settings(Duration age, Duration silence, Duration every) {
        public Settings {
            if (age.isNegative() || silence.isNegative() || every.isNegative() || every.isZero()) {
                throw new IllegalArgumentException("The times of the pruner must not be negative.");
            }
        }

        /** Keeps five minutes, drops a node after one minute of silence, looks every thirty seconds. */
        public static Settings defaults() {
            return new Settings(Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofSeconds(30));
        }
    }

    public Pruner(Database database, Settings settings) {
        this.database = database;
        this.settings = settings;
        this.thread = Thread.ofVirtual().name("lockstep-prune").unstarted(this::run);
    }

    /** Drops silent nodes and deletes what everybody has passed; returns how many changes were deleted. */
    public int runOnce() {
        int all = 0;
        int deleted = BATCH;
        // While most of the oldest rows could go, the next oldest may as well.
        while (deleted > BATCH / 2 && !bell.isClosed()) {
            deleted = database.write(tx -> {
                if (!tx.sql(CLAIM).query(Boolean.class).single()) {
                    return 0;
                }
                int dropped = NodeRegister.dropUnseen(tx, settings.silence());
                if (dropped > 0) {
                    LOG.warn("FEED_NODE_DROPPED {} nodes were silent for over {}.", dropped, settings.silence());
                }
                return log.prune(tx, settings.age(), BATCH);
            });
            all += deleted;
        }
        return all;
    }

    /** Starts the thread; call once. */
    public synchronized void start() {
        started = true;
        thread.start();
    }

    /** Ends the thread after the batch that is under way. */
    @Override
    public synchronized void close() {
        bell.close();
        if (started) {
            started = false;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        while (!bell.isClosed()) {
            try {
                runOnce();
            } catch (DataAccessException e) {
                LOG.warn("FEED_PRUNE_FAILED The log was not pruned; the next try is in {}.", settings.every(), e);
            }
            bell.await(settings.every().toNanos());
        }
    }
}
