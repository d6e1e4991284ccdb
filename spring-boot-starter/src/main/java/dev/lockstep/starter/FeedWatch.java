package dev.lockstep.starter;

import dev.lockstep.store.feed.Change;
import dev.lockstep.store.feed.FeedListener;
import dev.lockstep.store.feed.Tick;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.atomic.LongAdder;

/** Watches how this node keeps up with the change feed. Read by any thread; written by the feed's. */
final class FeedWatch implements FeedListener {
    private final InstantSource clock;
    private final Tally<Schema> changes = new Tally<>(Schema.class);
    private final LongAdder gaps = new LongAdder();
    private volatile double lagSeconds;

    /** Whose rows changed; the names serve as labels. */
    enum Schema {
        /** Mirrored rows: what a merge really changed. */
        WORKOS,
        /** The application's rows below Lockstep's own schema for them. */
        APP,
        /** Everything else that is watched. */
        OTHER;

        static Schema of(String table) {
            if (table.startsWith("workos.")) {
                return WORKOS;
            }
            return table.startsWith("app.") ? APP : OTHER;
        }
    }

    FeedWatch(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void onTick(Tick tick) {
        tick.changes().forEach(change -> changes.count(Schema.of(change.table())));
        tick.changes().stream()
                .map(Change::at)
                .min(Comparator.naturalOrder())
                .ifPresent(oldest -> lagSeconds = secondsSince(oldest));
    }

    @Override
    public void onLost() {
        gaps.increment();
    }

    @Override
    public void onGap() {
        gaps.increment();
    }

    /** Seconds from the writing of a row to its being told here, of the oldest change of the last step that had any. */
    double lagSeconds() {
        return lagSeconds;
    }

    /** Changes told since the start. */
    long changes(Schema schema) {
        return changes.of(schema);
    }

    /** How often the database was lost, or changes were left out because there were too many. */
    long gaps() {
        return gaps.sum();
    }

    private double secondsSince(Instant written) {
        return Math.max(0, Duration.between(written, clock.instant()).toMillis() / 1000.0);
    }
}
