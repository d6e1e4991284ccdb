package dev.lockstep.sync.freshness;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.sync.tail.Cursors;
import dev.lockstep.sync.tail.Cursors.Passed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Says whether the mirror is new enough to decide about people. New enough means: everything WorkOS had to say about
 * users, organizations and memberships up to so long ago is applied, or has failed and makes those it names doubtful.
 * Thread-safe.
 *
 * <p>It looks at the database at most once a second; in between the age grows by this node's monotonic clock, so an
 * answer never depends on a wall clock that somebody sets. A database that is away makes nothing stale by itself: what
 * was proved a moment ago still holds for the rest of the time that the bound allows.
 */
public final class StalenessGate {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Database database;
    private final Duration bound;
    private final LongSupplier nanoClock;
    private final ReentrantLock looking = new ReentrantLock();
    /** What the last look found; replaced as a whole, under the lock. */
    private volatile @Nullable Found found;

    /**
     * @param database where the marks of the tail lie
     * @param bound how old is still new enough, positive
     * @param nanoClock monotonic, {@code System::nanoTime} outside tests
     */
    public StalenessGate(Database database, Duration bound, LongSupplier nanoClock) {
        if (!bound.isPositive()) {
            throw new IllegalArgumentException("the bound of staleness must be positive");
        }
        this.database = database;
        this.bound = bound;
        this.nanoClock = nanoClock;
    }

    /** How the mirror stands against the bound. */
    public sealed interface Standing {
        /**
         * The mirror decides.
         *
         * @param age everything up to so long ago is in
         */
        record Fresh(Duration age) implements Standing {}

        /**
         * The mirror must not decide alone.
         *
         * @param age everything up to so long ago is in; empty when nothing is proved yet
         */
        record Stale(Optional<Duration> age) implements Standing {}
    }

    /** @param through up to when everything is in, or null when nothing is proved; {@code age} is null then too */
    private record Found(
            @Nullable Instant through, @Nullable Duration age, Doubts doubts, long atNanos) {
        @Nullable
        Duration ageAt(long nanos) {
            return age == null ? null : age.plusNanos(Math.max(0, nanos - atNanos));
        }
    }

    /** The bound it was made with. */
    public Duration bound() {
        return bound;
    }

    /**
     * How the mirror stands now about one person in one organization: stale also when an event about them has failed and
     * their rows have not come past it since.
     *
     * @throws DataAccessException when the database cannot be asked and nothing that was proved before still counts
     */
    public Standing standing(UserId user, OrganizationId organization) {
        Found now = found();
        Standing standing = standing(now);
        return standing instanceof Standing.Fresh(Duration age) && now.doubts().about(user, organization)
                ? new Standing.Stale(Optional.of(age))
                : standing;
    }

    /**
     * How the mirror stands now as a whole.
     *
     * @throws DataAccessException when the database cannot be asked and nothing that was proved before still counts
     */
    public Standing standing() {
        return standing(found());
    }

    private Found found() {
        Found last = found;
        if (last != null && nanoClock.getAsLong() - last.atNanos() < LOOK_NANOS) {
            return last;
        }
        // While one thread looks, the others go on with what still counts, or wait when nothing does.
        if (!looking.tryLock()) {
            if (last != null && standing(last) instanceof Standing.Fresh) {
                return last;
            }
            looking.lock();
        }
        try {
            Found newer = found;
            if (newer == null || nanoClock.getAsLong() - newer.atNanos() >= LOOK_NANOS) {
                newer = look(newer);
                found = newer;
            }
            return newer;
        } finally {
            looking.unlock();
        }
    }

    private Found look(@Nullable Found before) {
        long nanos = nanoClock.getAsLong();
        try {
            return database.read(tx -> {
                Doubts doubts = Doubts.read(tx);
                return Cursors.appliedForRights(tx)
                        .map(now -> new Found(now.through(), atLeast(now, before, nanos), doubts, nanos))
                        .orElseGet(() -> new Found(null, null, doubts, nanos));
            });
        } catch (DataAccessException e) {
            if (before != null && standing(before) instanceof Standing.Fresh) {
                return before;
            }
            throw e;
        }
    }

    /** While the mark stands still the age has grown since the last look, whatever the database's clock says. */
    private static Duration atLeast(Passed now, @Nullable Found before, long nanos) {
        if (before == null || !now.through().equals(before.through())) {
            return now.age();
        }
        Duration grown = before.ageAt(nanos);
        return grown == null || grown.compareTo(now.age()) < 0 ? now.age() : grown;
    }

    private Standing standing(Found last) {
        Duration age = last.ageAt(nanoClock.getAsLong());
        return age != null && age.compareTo(bound) <= 0
                ? new Standing.Fresh(age)
                : new Standing.Stale(Optional.ofNullable(age));
    }
}
