package dev.lockstep.starter;

import dev.lockstep.store.Database;
import dev.lockstep.store.feed.FeedStatus;
import dev.lockstep.sync.freshness.MirrorStatus;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * One look at the database for all meters and health checks, at most one a second. A look that failed is remembered
 * like one that did not, so that a database that is away is not asked once for every meter. Thread-safe.
 */
final class MirrorLook {
    private static final long GOOD_NANOS = Duration.ofSeconds(1).toNanos();

    private final Database database;
    private final String environment;
    private final LongSupplier nanoClock;
    private final LongAdder failures = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock. */
    private @Nullable Found last;
    /** When the last look ended; guarded by the lock. */
    private long lookedAt;

    /**
     * @param database where everything lies
     * @param environment the name the Events tail runs under
     * @param nanoClock monotonic
     */
    MirrorLook(Database database, String environment, LongSupplier nanoClock) {
        this.database = database;
        this.environment = environment;
        this.nanoClock = nanoClock;
    }

    /** What a look found. */
    sealed interface Found {
        /** The database has answered. */
        record Status(MirrorStatus mirror, FeedStatus feed) implements Found {}

        /** It has not. */
        record Failure(String cause) implements Found {}
    }

    /** What the last look found, or a new one when that is older than a second. */
    Found now() {
        lock.lock();
        try {
            Found found = last;
            if (found == null || nanoClock.getAsLong() - lookedAt >= GOOD_NANOS) {
                found = look();
                last = found;
                lookedAt = nanoClock.getAsLong();
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** How many looks have failed since the start. */
    long failures() {
        return failures.sum();
    }

    private Found look() {
        try {
            return database.read(tx -> new Found.Status(MirrorStatus.read(tx, environment), FeedStatus.read(tx)));
        } catch (DataAccessException e) {
            failures.increment();
            return new Found.Failure(e.getClass().getSimpleName());
        }
    }
}
