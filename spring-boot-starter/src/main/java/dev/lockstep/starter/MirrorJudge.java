package dev.lockstep.starter;

import dev.lockstep.store.feed.FeedStatus;
import dev.lockstep.sync.freshness.MirrorStatus;
import dev.lockstep.sync.freshness.MirrorStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says what about the mirror should worry an operator, each in one sentence with the next step. The health page and
 * {@code lockstep status} use the same judgement.
 *
 * @param maxPollAge how long ago the tail may have reached the end
 * @param maxStaleness how old the mirror may be and still decide about rights
 */
public record MirrorJudge(Duration maxPollAge, Duration maxStaleness) {
    private static final Duration OLDEST_UNAPPLIED = Duration.ofMinutes(1);
    private static final Duration SLOWEST_READER = Duration.ofMinutes(1);
    private static final Duration OLDEST_TRANSACTION = Duration.ofMinutes(10);
    private static final Duration OLD_CURSOR = Duration.ofDays(20);
    private static final int LATE_POLLS = 12;

    /** With what the settings say: twelve polls missed in a row, and the bound of the rights. */
    static MirrorJudge of(LockstepProperties properties) {
        return new MirrorJudge(
                properties.sync().pollInterval().multipliedBy(LATE_POLLS),
                properties.freshness().maxStaleness());
    }

    /** With the defaults of the settings. */
    public static MirrorJudge byDefault() {
        return new MirrorJudge(Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    /** Everything to worry about; empty when all is well. */
    public List<String> worries(MirrorStatus mirror, FeedStatus feed) {
        List<String> worries = new ArrayList<>();
        tail(mirror, worries);
        if (!isWithin(mirror.rightsAge(), maxStaleness)) {
            worries.add("the mirror is too old to decide about rights ("
                    + mirror.rightsAge().map(MirrorJudge::text).orElse("nothing is proved yet") + ", allowed are "
                    + text(maxStaleness) + "); see the tail and the inbox");
        }
        if (mirror.inbox().oldestUnapplied().compareTo(OLDEST_UNAPPLIED) > 0) {
            worries.add(mirror.inbox().unapplied() + " events are not applied, the oldest for "
                    + text(mirror.inbox().oldestUnapplied())
                    + "; see lockstep events list --state retry, and whether any node runs with sync enabled");
        }
        long parked = mirror.inbox().of(State.PARKED).events();
        if (parked > 0) {
            worries.add(parked + " events are parked; see lockstep events list --state parked");
        }
        if (feed.slowest().compareTo(SLOWEST_READER) > 0) {
            worries.add("a reader of the change feed is " + text(feed.slowest())
                    + " behind; look for FEED_READER_FAILED in the log");
        }
        if (feed.oldestTransaction().compareTo(OLDEST_TRANSACTION) > 0) {
            worries.add("a transaction has been open for " + text(feed.oldestTransaction())
                    + "; end it, it keeps the change log from being pruned");
        }
        return worries;
    }

    private void tail(MirrorStatus mirror, List<String> worries) {
        if (!isWithin(mirror.tail().pollAge(), maxPollAge)) {
            worries.add("the Events tail has not reached the end for "
                    + mirror.tail().pollAge().map(MirrorJudge::text).orElse("ever")
                    + (mirror.tail().holder().isPresent()
                            ? "; look for SYNC_TAIL_STALLED in the log"
                            : " and no node holds its lease; start one with sync enabled"));
        }
        if (mirror.tail()
                .cursorAge()
                .filter(age -> age.compareTo(OLD_CURSOR) > 0)
                .isPresent()) {
            worries.add("the last event read is "
                    + mirror.tail().cursorAge().orElseThrow().toDays()
                    + " days old and WorkOS forgets after 30 to 90; if events are missing, reconcile");
        }
    }

    private static boolean isWithin(Optional<Duration> age, Duration bound) {
        return age.isPresent() && age.get().compareTo(bound) <= 0;
    }

    private static String text(Duration time) {
        return time.toSeconds() + " s";
    }
}
