package dev.lockstep.store.feed;

import dev.lockstep.store.Database;
import dev.lockstep.store.OpenRead;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Keeps a few snapshots of the database open for readers that want several answers of one moment; {@link MomentReader}
 * reads at them, on any node. Thread-safe. Each holds a connection and keeps PostgreSQL from tidying up behind it, so they
 * are few and end soon.
 *
 * <p>A moment is named by the clock of the feed, and no two snapshots bear one name: telling the other nodes of a snapshot
 * moves the clock, so only snapshots that are opened at the same time can meet, and then one of them is opened again.
 */
public final class HeldSnapshots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeldSnapshots.class);
    private static final String EXPORT = "SELECT pg_export_snapshot()";
    /** A node that is cut off holds nothing for long: it says something every second, see {@link #tend}. */
    private static final String SILENCE = "SELECT set_config('idle_in_transaction_session_timeout', '10s', true)";

    /** How long the server may take for one answer, and how long a caller waits for its turn. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int ATTEMPTS = 5;

    private final Database database;
    private final Settings settings;
    private final InstantSource clock;
    private final FeedClock feedClock;
    private final HeldRows rows;
    private final ReentrantLock turn = new ReentrantLock(true);
    /** In the order of their opening; guarded by {@link #turn}. */
    private final Deque<Held> held = new ArrayDeque<>();

    private final AtomicLong refused = new AtomicLong();
    private final Bell bell = new Bell();
    private final Thread thread = Thread.ofVirtual().name("lockstep-snapshots").unstarted(this::run);
    private volatile int open;
    private boolean started;

    /**
     * How many, and for how long.
     *
     * @param most how many snapshots this node holds at once; 0 for none
     * @param hold how long each is held
     */
    public record Settings(int most, Duration hold) {
        public Settings {
            if (most < 0 || hold.toMillis() <= 0) {
                throw new IllegalArgumentException("Held snapshots: %d for %s".formatted(most, hold));
            }
        }
    }

    /**
     * @param own direct connections that nobody else needs: one more than snapshots are held
     * @param clock tells when a snapshot has been held for long enough
     */
    public HeldSnapshots(DataSource own, Settings settings, InstantSource clock) {
        this.database = new Database(own).within(PATIENCE);
        this.settings = settings;
        this.clock = clock;
        this.feedClock = new FeedClock(database);
        this.rows = new HeldRows(database);
    }

    /** What became of the wish for a moment. */
    public sealed interface Hold {
        /** It can be read, by whoever names it, for a while. */
        record Opened(Ts ts) implements Hold {}

        /** As many are held as may be; the first of them ends after this time. */
        record Full(int most, Duration left) implements Hold {}

        /** Others are opening one, or the node stops. */
        record NotNow() implements Hold {}

        /** This node holds none at all. */
        record NotOffered() implements Hold {}
    }

    private record Held(OpenRead read, Reading reading, long registeredBy, long begunAt, Instant openedAt) {}

    /** Lets the thread go that ends snapshots; call once. */
    public synchronized void start() {
        started = true;
        thread.start();
    }

    /** How many this node holds now. */
    public int open() {
        return open;
    }

    /** How often there were too many, since the start. */
    public long refused() {
        return refused.get();
    }

    /** How long each is held. */
    public Duration hold() {
        return settings.hold;
    }

    /**
     * Gives a moment that has seen everything committed before this call. Callers share one while nothing is committed in
     * between.
     *
     * @throws DataAccessException when the database is out of reach
     */
    public Hold take() {
        if (settings.most == 0) {
            return new Hold.NotOffered();
        }
        long asked = System.nanoTime();
        try {
            if (!turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Hold.NotNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Hold.NotNow();
        }
        try {
            return bell.isClosed() ? new Hold.NotNow() : given(asked);
        } finally {
            turn.unlock();
        }
    }

    private Hold given(long asked) {
        held.stream().filter(this::isOver).toList().forEach(this::letGo);
        Held newest = held.peekLast();
        if (newest != null && !newest.read.isAlive(PATIENCE)) {
            letGo(newest);
            newest = null;
        }
        boolean full = held.size() >= settings.most;
        if (newest != null && (full || isYoung(newest)) && hasSeenAll(newest, asked)) {
            return new Hold.Opened(newest.reading.ts());
        }
        if (full) {
            refused.incrementAndGet();
            return new Hold.Full(settings.most, settings.hold.minus(age(held.getFirst())));
        }
        return another();
    }

    /** Whether it has enough of its time left for others. */
    private boolean isYoung(Held one) {
        return age(one).compareTo(settings.hold.dividedBy(2)) <= 0;
    }

    /** Whether it shows everything that was committed when somebody asked. */
    private boolean hasSeenAll(Held one, long asked) {
        if (one.begunAt - asked >= 0) {
            return true;
        }
        Reading now = feedClock.read();
        return one.reading.epoch() == now.epoch()
                && now.snapshot().seesNoMoreThan(one.reading.snapshot(), one.registeredBy);
    }

    private Hold another() {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            // An epoch that must grow grows here.
            feedClock.read();
            Held opened = opened();
            if (opened != null) {
                held.addLast(opened);
                open = held.size();
                bell.ring();
                return new Hold.Opened(opened.reading.ts());
            }
        }
        return new Hold.NotNow();
    }

    /** Null when the server has just begun a new life, or another node's snapshot bears the same name. */
    private @Nullable Held opened() {
        long begunAt = System.nanoTime();
        Instant openedAt = clock.instant();
        OpenRead read = database.openRead();
        boolean kept = false;
        try {
            read.tx().sql(SILENCE).query(String.class).single();
            Optional<Reading> reading = feedClock.find(read.tx());
            if (reading.isEmpty()) {
                return null;
            }
            String name = read.tx().sql(EXPORT).query(String.class).single();
            OptionalLong registeredBy = rows.enter(reading.get().ts(), name);
            kept = registeredBy.isPresent();
            return kept ? new Held(read, reading.get(), registeredBy.getAsLong(), begunAt, openedAt) : null;
        } finally {
            if (!kept) {
                read.close();
            }
        }
    }

    private Duration age(Held one) {
        return Duration.between(one.openedAt, clock.instant());
    }

    /** Also when the clock of this machine was set back: then it cannot tell how long it has held it. */
    private boolean isOver(Held one) {
        Duration age = age(one);
        return age.isNegative() || age.compareTo(settings.hold) >= 0;
    }

    private void letGo(Held one) {
        one.read.close();
        held.remove(one);
        open = held.size();
    }

    /** Ends what has been held for long enough or is lost, and lets the server know that this node still lives. */
    void tend() {
        turn.lock();
        try {
            for (Held one : List.copyOf(held)) {
                if (isOver(one)) {
                    letGo(one);
                } else if (!one.read.isAlive(PATIENCE)) {
                    LOG.info("FEED_SNAPSHOT_LOST A snapshot that was held for readers has gone with its connection.");
                    letGo(one);
                }
            }
        } finally {
            turn.unlock();
        }
    }

    private void run() {
        while (!bell.isClosed()) {
            try {
                tend();
            } catch (RuntimeException e) {
                LOG.warn("FEED_SNAPSHOT_FAILED A look at the held snapshots failed; the next one follows.", e);
            }
            bell.await((open == 0 ? Duration.ofMinutes(1) : Duration.ofSeconds(1)).toNanos());
        }
    }

    /** Ends them all; none is held afterwards. */
    @Override
    public synchronized void close() {
        bell.close();
        turn.lock();
        try {
            List.copyOf(held).forEach(this::letGo);
        } finally {
            turn.unlock();
        }
        if (started) {
            started = false;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
