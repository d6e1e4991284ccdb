package dev.lockstep.sync.reconcile;

import dev.lockstep.sync.projection.Difference;
import dev.lockstep.sync.reconcile.Drift.Category;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells drift from what is on its way. The mirror promises every event up to a time; what WorkOS changed before that
 * time and the mirror does not show is drift, what it changed later is not.
 */
final class Judge {
    /** Two clocks, and a list that is a little older than its answer. */
    private static final Duration SKEW = Duration.ofMinutes(2);

    private final @Nullable Instant promised;
    private final Instant fetchStartedAt;

    /**
     * @param promised every event up to then is in the mirror; null where no tail ever ran, and nothing is on its way
     * @param fetchStartedAt when the page was asked for
     */
    Judge(@Nullable Instant promised, Instant fetchStartedAt) {
        this.promised = promised;
        this.fetchStartedAt = fetchStartedAt;
    }

    /** How a difference counts; empty where there is nothing to say against the row. */
    Optional<Category> category(Difference difference) {
        Instant buriedAt = difference.buriedAt();
        if (buriedAt != null) {
            // WorkOS may have deleted it after it had listed it.
            return isLater(buriedAt) ? Optional.empty() : Optional.of(Category.MISSING);
        }
        if (difference.missing()) {
            return Optional.of(inTime(difference, Category.MISSING));
        }
        Instant shown = difference.shownUpdatedAt();
        Instant held = difference.heldUpdatedAt();
        if (shown != null && held != null && held.isAfter(shown)) {
            return isLater(held) ? Optional.empty() : Optional.of(Category.FIELD);
        }
        if (difference.isQuiet()) {
            return Optional.empty();
        }
        boolean older = shown != null && (held == null || held.isBefore(shown));
        return Optional.of(older ? inTime(difference, Category.STALE) : Category.FIELD);
    }

    private boolean isLater(Instant time) {
        return time.isAfter(fetchStartedAt.minus(SKEW));
    }

    private Category inTime(Difference difference, Category drift) {
        if (promised == null) {
            return drift;
        }
        Instant changed = difference.shownUpdatedAt();
        Instant at = changed == null ? fetchStartedAt : changed;
        return at.isAfter(promised) ? Category.PENDING : drift;
    }
}
