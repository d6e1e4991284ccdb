package dev.lockstep.store.feed;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * A named reader of the feed whose position lives in the database and moves in the transaction of its effects: every
 * change takes effect exactly once, whichever node runs it and whenever one is killed. Several nodes may run the same
 * name; one at a time does the work.
 *
 * <p>The transaction is READ COMMITTED on purpose: the claim must see the newest position, and the snapshot S is taken
 * after it. Rows are then chosen by their visibility in S, which later statements contain.
 */
public final class DurableReader implements FeedListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DurableReader.class);
    private static final int MOST = 5_000;
    private static final long POLL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long AGAIN_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_SECONDS = 30;

    private final Database database;
    private final String name;
    private final Start start;
    private final DurableConsumer consumer;
    private final int most;
    private final ReaderPositions positions;
    private final ChangeLog log;
    private final Bell bell = new Bell();
    private final Thread thread;
    private boolean started;
    private boolean entered;

    /** Where a reader begins that has never run. */
    public enum Start {
        /** At what the log still holds. */
        OLDEST,
        /** At what is committed from now on. */
        NOW
    }

    /** How a run ended. */
    public enum Run {
        /** There was nothing new. */
        IDLE,
        /** Everything new has taken effect. */
        CAUGHT_UP,
        /** A batch has taken effect and there is more. */
        MORE,
        /** Another node is at work under this name. */
        BUSY
    }

    public DurableReader(Database database, String name, Start start, DurableConsumer consumer) {
        this(database, name, start, consumer, MOST);
    }

    /**
     * @param name the name of the position; one consumer for ever
     * @param most how many changes a transaction takes, unless one writer's transaction alone has more
     */
    public DurableReader(Database database, String name, Start start, DurableConsumer consumer, int most) {
        if (name.isBlank() || most < 1) {
            throw new IllegalArgumentException("A durable reader needs a name and a batch of at least 1.");
        }
        this.database = database;
        this.name = name;
        this.start = start;
        this.consumer = consumer;
        this.most = most;
        this.log = new ChangeLog(consumer.tables());
        this.positions = new ReaderPositions(name);
        this.thread = Thread.ofVirtual().name("lockstep-reader-" + name).unstarted(this::run);
    }

    /**
     * Takes at most one batch in one transaction. Whatever the consumer throws rolls the batch back and comes out here.
     */
    public Run runOnce() {
        enterOnce();
        return database.write(tx -> {
            Optional<ReaderPositions.Claim> claim = positions.claim(tx);
            return claim.isEmpty() ? Run.BUSY : take(tx, claim.get());
        });
    }

    /** Runs until nothing is left that was visible when it began; gives way when another node is at work. */
    public void runUntilIdle() {
        Run run = runOnce();
        while (run == Run.MORE || run == Run.CAUGHT_UP) {
            run = runOnce();
        }
    }

    /** Starts the thread; call once. It runs when the feed has changes, and looks every second in any case. */
    public synchronized void start() {
        started = true;
        thread.start();
    }

    /** Wakes this reader. To be added to the node's {@link FeedReader}. */
    @Override
    public void onTick(Tick tick) {
        if (!tick.changes().isEmpty()) {
            bell.ring();
        }
    }

    /** Wakes this reader; it has its own position and misses nothing. */
    @Override
    public void onGap() {
        bell.ring();
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

    private synchronized void enterOnce() {
        if (!entered) {
            database.write(tx -> {
                positions.enter(tx, start);
                return true;
            });
            entered = true;
        }
    }

    private Run take(Tx tx, ReaderPositions.Claim claim) {
        Snapshot before = claim.position();
        Snapshot now = positions.now(tx);
        if (before.xmax() > now.xmax()) {
            LOG.warn(
                    "FEED_POSITION_AHEAD The reader {} stood at {} but the server is at {}: the database was restored"
                            + " from a dump. Changes made between the restore and now are not told.",
                    name,
                    before.xmax(),
                    now.xmax());
            positions.move(tx, now);
            return Run.CAUGHT_UP;
        }
        List<Change> changes = log.between(tx, before, now, most + 1L);
        if (changes.isEmpty()) {
            // Changes of tables that nobody asked for must not be walked again.
            boolean passed = claim.stale() || !consumer.tables().isEmpty();
            if (passed && !before.equals(now)) {
                positions.move(tx, now);
            }
            return Run.IDLE;
        }
        if (changes.size() <= most) {
            consumer.consume(tx, changes);
            positions.move(tx, now);
            return Run.CAUGHT_UP;
        }
        return takeWholeTransactions(tx, before, now);
    }

    /** The position is a snapshot, and one that misses some transactions is again a snapshot. */
    private Run takeWholeTransactions(Tx tx, Snapshot before, Snapshot now) {
        Set<Long> taken = new HashSet<>();
        List<Long> left = new ArrayList<>();
        long sum = 0;
        for (ChangeLog.Transaction transaction : log.transactions(tx, before, now)) {
            if (sum < most) {
                taken.add(transaction.xid());
                sum += transaction.changes();
            } else {
                left.add(transaction.xid());
            }
        }
        consumer.consume(tx, log.betweenOf(tx, before, now, taken));
        positions.move(tx, now.without(left));
        return Run.MORE;
    }

    /** Whether a run would find anything to do. Only looks: a claim is a write, and an idle reader writes nothing. */
    boolean hasWork() {
        enterOnce();
        return database.read(positions::hasWork);
    }

    private void run() {
        int failures = 0;
        boolean rung = true;
        while (!bell.isClosed()) {
            try {
                Run run = rung || hasWork() ? runOnce() : Run.IDLE;
                failures = 0;
                rung = run == Run.MORE || run == Run.CAUGHT_UP || bell.await(POLL_NANOS);
            } catch (DataAccessException e) {
                failures++;
                rung = true;
                LOG.debug("FEED_READER_WAITS The reader {} has no database, attempt {}.", name, failures, e);
                bell.pause(Bell.backoff(AGAIN_NANOS, failures, LONGEST_SECONDS));
            } catch (RuntimeException | Error e) {
                failures++;
                rung = true;
                LOG.error(
                        "FEED_READER_FAILED The reader {} cannot pass its next batch, attempt {}; it stays there.",
                        name,
                        failures,
                        e);
                bell.pause(Bell.backoff(AGAIN_NANOS, failures, LONGEST_SECONDS));
            }
        }
    }
}
