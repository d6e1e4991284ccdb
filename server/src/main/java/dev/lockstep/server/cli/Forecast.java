package dev.lockstep.server.cli;

import dev.lockstep.sync.backfill.Totals;
import java.time.Duration;
import java.util.Optional;

/**
 * How fast a walk is and how long it may still take. WorkOS does not say how much there is: the last walk is the best
 * guess, and without one the lists that are known.
 *
 * @param lastPages how many pages the last finished walk had; zero when there was none
 * @param from where this process began
 */
record Forecast(long lastPages, Totals from) {
    /** Objects a second since this process began. */
    double rate(Totals now, Duration elapsed) {
        return perSecond(now.seen() - from.seen(), elapsed);
    }

    /** How long it may still take; empty while nobody can say. */
    Optional<Duration> left(Totals now, Duration elapsed) {
        double pages = perSecond(now.pages() - from.pages(), elapsed);
        if (lastPages > now.pages() && pages > 0) {
            return seconds((lastPages - now.pages()) / pages);
        }
        double lists = perSecond(now.shardsDone() - from.shardsDone(), elapsed);
        long open = now.shards() - now.shardsDone() - now.shardsFailed();
        return lists > 0 ? seconds(open / lists) : Optional.empty();
    }

    private static double perSecond(long count, Duration elapsed) {
        return elapsed.isPositive() ? count * 1e9 / elapsed.toNanos() : 0;
    }

    private static Optional<Duration> seconds(double seconds) {
        return Optional.of(Duration.ofSeconds(Math.round(seconds)));
    }
}
