package dev.lockstep.store.feed;

import dev.lockstep.store.Database;
import dev.lockstep.store.StoreException;
import dev.lockstep.store.Tx;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Takes the steps of one node's feed, one at a time on one thread; when and how often is not its business.
 *
 * <p>A step is one read-only snapshot S. What S sees and the listener's last snapshot did not is new. That comparison
 * is void when transaction ids may have been used twice (the server's life changed, so the epoch grew) or when the log
 * was not kept for this node; then every listener starts fresh.
 */
final class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final int ATTEMPTS = 5;
    /** Above so many changes at once it is cheaper, and safer for memory, to start fresh. */
    static final int MOST_TOLD = 50_000;

    private final Database database;
    private final FeedClock clock;
    private final ChangeLog changes = new ChangeLog();
    private final NodeRegister nodes;
    private final int mostTold;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private @Nullable Reading last;

    private enum Step {
        TOLD,
        EPOCH_MUST_GROW,
        CLOCK_WENT_BACK,
        NODE_UNKNOWN,
        CUT_SHORT
    }

    Ticker(Database database, NodeRegister nodes, int mostTold) {
        this.database = database;
        this.clock = new FeedClock(database);
        this.nodes = nodes;
        this.mostTold = mostTold;
    }

    void add(FeedListener listener) {
        followers.add(new Follower(listener));
    }

    /** Ticks if anything was committed since the last tick, or a listener is new. Returns whether it ticked. */
    boolean tickIfMoved() {
        Reading before = last;
        if (before != null && followers.stream().allMatch(follower -> follower.passed != null)) {
            Optional<Reading> now = database.write(clock::find);
            if (now.isPresent() && now.get().equals(before)) {
                return false;
            }
        }
        tick();
        return true;
    }

    /** Ticks now. */
    void tick() {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Step step = database.read(this::step);
            switch (step) {
                case TOLD -> {
                    return;
                }
                case EPOCH_MUST_GROW -> clock.noticeServer();
                case CLOCK_WENT_BACK -> {
                    Reading seen = last;
                    if (seen != null) {
                        LOG.warn(
                                "FEED_CLOCK_WENT_BACK The server's counter is behind epoch {}; the epoch grows.",
                                seen.epoch());
                        clock.passBeyond(seen.ts());
                    }
                }
                case NODE_UNKNOWN -> {
                    nodes.enter();
                    followers.forEach(Follower::leaveBehind);
                }
                case CUT_SHORT -> {
                    // The listener that broke the transaction now comes last; the others are served by the next step.
                    if (attempt == ATTEMPTS) {
                        return;
                    }
                }
            }
        }
        throw new StoreException(
                StoreException.Code.FEED_CLOCK_STUCK,
                "No tick could be taken in %d attempts. Check the server's log for restarts.".formatted(ATTEMPTS),
                null);
    }

    /** Tells every listener that the database is out of reach. */
    void lost() {
        followers.forEach(follower -> tell(follower, follower.listener::onLost));
    }

    /** Says where this node stands, so that the log is kept for it and no longer. */
    void heartbeat() {
        Reading stands = last;
        boolean together = stands != null
                && followers.stream()
                        .allMatch(follower -> follower.passed == null || follower.passed.equals(stands.snapshot()));
        if (stands != null && together) {
            nodes.standAt(stands.snapshot());
        }
    }

    private Step step(Tx tx) {
        long begunAt = System.nanoTime();
        Optional<Reading> found = clock.find(tx);
        if (found.isEmpty()) {
            return Step.EPOCH_MUST_GROW;
        }
        Reading now = found.get();
        Reading before = last;
        if (before != null && now.ts().isBefore(before.ts())) {
            return Step.CLOCK_WENT_BACK;
        }
        if (!nodes.knows(tx)) {
            return Step.NODE_UNKNOWN;
        }
        if (before != null && before.epoch() != now.epoch()) {
            followers.forEach(Follower::miss);
        }
        last = now;
        return serve(new TickAt.Shared(tx, now, begunAt)) ? Step.TOLD : Step.CUT_SHORT;
    }

    private boolean serve(TickAt.Shared shared) {
        Tx tx = shared.tx;
        Reading now = shared.now;
        Map<Snapshot, List<Change>> since = new HashMap<>();
        List<Follower> failingLast = followers.stream()
                .sorted(Comparator.comparingInt(follower -> follower.failures))
                .toList();
        for (Follower follower : failingLast) {
            List<Change> news = List.of();
            if (follower.passed != null) {
                news = since.computeIfAbsent(
                        follower.passed, before -> changes.between(tx, before, now.snapshot(), mostTold + 1L));
                if (news.size() > mostTold) {
                    follower.miss();
                    news = List.of();
                }
            }
            serve(follower, new TickAt(shared, news));
            boolean last = follower.equals(failingLast.getLast());
            if (follower.failures > 0 && !last && !usable(tx)) {
                return false;
            }
        }
        return true;
    }

    private static void serve(Follower follower, TickAt tick) {
        if (follower.gap) {
            follower.gap = false;
            boolean behind = follower.behind;
            follower.behind = false;
            tell(follower, behind ? follower.listener::onLeftBehind : follower.listener::onGap);
        }
        boolean told = tell(follower, () -> follower.listener.onTick(tick));
        follower.passed = tick.snapshot();
        follower.failures = told ? 0 : follower.failures + 1;
        if (!told) {
            follower.miss();
        }
    }

    private static boolean tell(Follower follower, Runnable message) {
        try {
            message.run();
            return true;
        } catch (DataAccessResourceFailureException e) {
            LOG.debug("FEED_LOST The connection went away under a listener; it starts fresh at the next tick.", e);
            return false;
        } catch (RuntimeException | Error e) {
            if (Integer.bitCount(follower.failures + 1) == 1) {
                LOG.error(
                        "FEED_LISTENER_FAILED {} threw, {} times in a row; it starts fresh at the next tick.",
                        follower.listener.getClass().getName(),
                        follower.failures + 1,
                        e);
            }
            return false;
        }
    }

    private static boolean usable(Tx tx) {
        try {
            return tx.sql("SELECT 1").query(Integer.class).single() == 1;
        } catch (DataAccessException e) {
            return false;
        }
    }
}
