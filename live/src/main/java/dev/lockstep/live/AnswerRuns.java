package dev.lockstep.live;

import dev.lockstep.live.connection.Moment;
import dev.lockstep.live.function.QueryRunner;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.store.feed.Tick;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Runs queries: a few quick ones in the tick's own transaction, and others side by side on connections of the pool that
 * read at the very same snapshot. Queries that have proved slow get lanes of their own, so that they hold up no others.
 */
final class AnswerRuns {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerRuns.class);
    private static final double SLOW_MILLIS = 10;
    private static final double NEWEST_WEIGHT = 0.3;
    /** What may be answered in the tick's own transaction, by what it took lately. */
    private static final double QUICK_MILLIS = 5;
    /** So many at once; what is beyond waits for the next tick. */
    static final int MOST = 400;

    private static final int PER_LANE = 8;
    /** How long a tick waits for connections; the pool may be empty. */
    private static final Duration BEGIN_WITHIN = Duration.ofMillis(250);

    private final Database database;
    private final QueryRunner queries;
    private final Executor executor;
    private final Settings settings;
    private final Doorbell doorbell;
    private final Map<String, Double> paceMillis = new ConcurrentHashMap<>();
    private final Set<Wanted> running = ConcurrentHashMap.newKeySet();
    private final Set<Question> asked = ConcurrentHashMap.newKeySet();
    private final Semaphore quick;
    private final Semaphore slow;
    /** Whether no connection could be had the last time; then the tick's own must do once. */
    private boolean starved;

    /**
     * How queries run.
     *
     * @param lanes connections for quick ones
     * @param slowLanes connections for slow ones
     * @param patience how long a tick waits for answers before it goes on without them
     * @param timeout how long one statement may take
     */
    record Settings(int lanes, int slowLanes, Duration patience, Duration timeout) {}

    AnswerRuns(Database database, QueryRunner queries, Executor executor, Settings settings, Doorbell doorbell) {
        this.database = database;
        this.queries = queries;
        this.executor = executor;
        this.settings = settings;
        this.doorbell = doorbell;
        this.quick = new Semaphore(settings.lanes);
        this.slow = new Semaphore(settings.slowLanes);
    }

    boolean isRunning(Wanted wanted) {
        return running.contains(wanted);
    }

    /** Whether somebody's run of this question is under way. */
    boolean isAsked(Question question) {
        return asked.contains(question);
    }

    /** Whether these are best answered in the tick's own transaction. */
    boolean areFewAndQuick(List<Wanted> wanted) {
        boolean alone = settings.lanes == 0 || starved;
        starved = false;
        double millis = 0;
        for (Wanted each : wanted) {
            millis += paceMillis.getOrDefault(path(each), SLOW_MILLIS);
        }
        return alone || millis <= QUICK_MILLIS;
    }

    boolean isSlow(Wanted wanted) {
        return paceMillis.getOrDefault(path(wanted), 0.0) >= SLOW_MILLIS;
    }

    void begin(Tx tx) {
        queries.begin(tx, settings.timeout.toMillis());
    }

    void end(Tx tx) {
        queries.end(tx);
    }

    /** Answers in the caller's transaction, between {@link #begin} and {@link #end}. */
    Answer answer(Tx tx, Wanted wanted) {
        long began = System.nanoTime();
        try {
            return queries.answer(tx, wanted.question(), wanted.caller());
        } finally {
            double millis = (System.nanoTime() - began) / 1e6;
            paceMillis.merge(path(wanted), millis, (before, now) -> before + NEWEST_WEIGHT * (now - before));
        }
    }

    /**
     * Begins to answer beside the tick and waits for a while.
     *
     * @param wanted at most {@link #MOST}, all slow or all quick
     * @return empty-handed at once, when all lanes are taken: a batch without questions
     */
    AnswerBatch start(Tick tick, List<Wanted> wanted, boolean slowOnes) throws InterruptedException {
        Semaphore places = slowOnes ? slow : quick;
        int useful = slowOnes ? wanted.size() : Math.ceilDiv(wanted.size(), PER_LANE);
        int lanes = 0;
        while (lanes < useful && places.tryAcquire()) {
            lanes++;
        }
        Moment moment = Moment.of(tick);
        if (lanes == 0) {
            return new AnswerBatch(moment, List.of(), 0);
        }
        String snapshot = exported(tick, places, lanes);
        AnswerBatch batch = new AnswerBatch(moment, wanted, lanes);
        running.addAll(wanted);
        wanted.forEach(each -> asked.add(each.question()));
        for (int lane = 0; lane < lanes; lane++) {
            try {
                executor.execute(() -> lane(batch, snapshot, places));
            } catch (RejectedExecutionException closing) {
                batch.begun.countDown();
                leave(batch, places);
            }
        }
        if (!batch.begun.await(BEGIN_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("LIVE_LANES_LATE A connection could not be had in {} ms.", BEGIN_WITHIN.toMillis());
            starved = batch.begun.getCount() == lanes;
        }
        var unused = batch.lanes.await(slowOnes ? 0 : settings.patience.toMillis(), TimeUnit.MILLISECONDS);
        return batch;
    }

    /** When the database goes away just now, the lanes that were taken are free again. */
    private static String exported(Tick tick, Semaphore places, int lanes) {
        try {
            return tick.exportedSnapshot();
        } catch (RuntimeException e) {
            places.release(lanes);
            throw e;
        }
    }

    private void lane(AnswerBatch batch, String snapshot, Semaphore places) {
        boolean[] begun = {false};
        try {
            database.<Boolean>readAt(snapshot, tx -> {
                begin(tx);
                begun[0] = true;
                batch.begun.countDown();
                for (Wanted next = batch.queue.poll(); next != null; next = batch.queue.poll()) {
                    batch.answered.put(next, answer(tx, next));
                }
                return true;
            });
        } catch (DataAccessException e) {
            LOG.debug("LIVE_LANE_LOST Its questions are asked again at the next tick.", e);
        } catch (RuntimeException e) {
            LOG.warn("LIVE_LANE_FAILED: a lane of queries failed; its questions are asked again at the next tick", e);
        } finally {
            if (!begun[0]) {
                batch.begun.countDown();
            }
            leave(batch, places);
        }
    }

    private void leave(AnswerBatch batch, Semaphore places) {
        places.release();
        batch.lanes.countDown();
        if (batch.isOver()) {
            batch.wanted().forEach(running::remove);
            batch.wanted().forEach(each -> asked.remove(each.question()));
            doorbell.ring();
        }
    }

    private static String path(Wanted wanted) {
        return wanted.question().path();
    }
}
