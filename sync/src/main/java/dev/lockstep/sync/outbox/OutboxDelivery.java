package dev.lockstep.sync.outbox;

import dev.lockstep.store.Database;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.outbox.OutboxRows.Due;
import dev.lockstep.sync.work.Backoff;
import dev.lockstep.sync.work.Crew;
import dev.lockstep.sync.work.Failure;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker threads between outbox and listeners. Any number of nodes may tell the same listeners; each telling
 * succeeds once. Thread-safe.
 */
public final class OutboxDelivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxDelivery.class);
    private static final Duration HEARTBEAT = Duration.ofHours(1);

    private final Database database;
    private final Map<String, DomainListener> listeners;
    private final Settings settings;
    private final RandomGenerator jitter;
    private final Crew crew;
    /** Of {@link System#nanoTime}; when the listeners were last announced. */
    private final AtomicLong announcedAt = new AtomicLong();

    /**
     * How listeners are told.
     *
     * @param workers threads per node, 1 to 64
     * @param backstop how long a worker sleeps when nobody signals
     * @param backoff how often a failing listener is told again
     */
    public record Settings(int workers, Duration backstop, Backoff backoff) {
        public Settings {
            if (workers < 1 || workers > 64 || !backstop.isPositive()) {
                throw new IllegalArgumentException(
                        "the delivery needs 1 to 64 workers and a positive backstop, not " + workers);
            }
        }

        /** Two workers, a look each second, eight attempts over about one and a half hours. */
        public static Settings defaults() {
            return new Settings(2, Duration.ofSeconds(1), Backoff.standard());
        }
    }

    /**
     * @param database where the outbox lies
     * @param listeners each with a name of its own
     * @param jitter spreads retries; must be safe for all workers
     * @throws SyncProblem SYNC_LISTENER_INVALID when a name is missing or taken twice, or nothing is listened to
     */
    public OutboxDelivery(
            Database database, Collection<DomainListener> listeners, Settings settings, RandomGenerator jitter) {
        this.database = database;
        this.listeners = byName(listeners);
        this.settings = settings;
        this.jitter = jitter;
        String trouble = SyncProblem.Code.SYNC_OUTBOX_STALLED + ": listeners could not be told; nothing is lost";
        this.crew = new Crew(
                new Crew.Settings("lockstep-outbox", settings.workers(), settings.backstop(), trouble), this::work);
    }

    private static Map<String, DomainListener> byName(Collection<DomainListener> listeners) {
        Map<String, DomainListener> byName = new LinkedHashMap<>();
        for (DomainListener listener : listeners) {
            boolean usable = !listener.name().isBlank() && !listener.types().isEmpty();
            if (!usable || byName.put(listener.name(), listener) != null) {
                throw new SyncProblem(
                        SyncProblem.Code.SYNC_LISTENER_INVALID,
                        "The listener '" + listener.name()
                                + "' needs a name that no other has, and at least one type.");
            }
        }
        return byName;
    }

    /**
     * Makes the listeners known, from when on changes are recorded for them, and starts the workers; once. Without
     * listeners it does nothing.
     *
     * @throws org.springframework.dao.DataAccessException when the database is away
     */
    public void start() {
        if (!listeners.isEmpty()) {
            announce();
            crew.start();
        }
    }

    /** Makes the listeners known without starting anything. */
    public void announce() {
        announcedAt.set(System.nanoTime());
        database.write(tx -> {
            OutboxRows.register(tx, listeners.values());
            return listeners;
        });
    }

    /** Wakes the workers because something was recorded. Returns at once. */
    public void signal() {
        crew.signal();
    }

    /**
     * Tells what is due now, on the calling thread.
     *
     * @return how many tellings were tried
     * @throws org.springframework.dao.DataAccessException when the database is away
     */
    public int deliverOnce() {
        return deliverWhile(() -> true);
    }

    private void work() {
        if (System.nanoTime() - announcedAt.get() > HEARTBEAT.toNanos()) {
            announce();
        }
        deliverWhile(crew::isRunning);
    }

    private int deliverWhile(BooleanSupplier goOn) {
        int told = 0;
        while (goOn.getAsBoolean() && tellNext()) {
            told++;
        }
        return told;
    }

    private boolean tellNext() {
        AtomicReference<Optional<Due>> claimed = new AtomicReference<>(Optional.empty());
        try {
            return database.write(tx -> {
                Optional<Due> next = OutboxRows.claim(tx, List.copyOf(listeners.keySet()));
                claimed.set(next);
                if (next.isPresent()) {
                    tell(next.get(), new DomainListener.Telling(tx, next.get().attempts() + 1));
                    OutboxRows.done(tx, next.get());
                }
                return next.isPresent();
            });
        } catch (RuntimeException e) {
            Optional<Due> due = claimed.get();
            if (due.isEmpty() || (Failure.of(e) instanceof Failure.Outage && Failure.isAway(database))) {
                throw e;
            }
            failed(due.get(), e);
            return true;
        }
    }

    private void tell(Due due, DomainListener.Telling telling) {
        DomainListener listener = listeners.get(due.listener());
        if (listener == null) {
            throw new IllegalStateException("claimed only for listeners of this node");
        }
        try {
            listener.on(DomainEvent.of(due.occurrence()), telling);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ListenerFailed(e);
        }
    }

    /** Carries a listener's own checked exception through the transaction. */
    private static final class ListenerFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ListenerFailed(Exception cause) {
            super(cause);
        }

        Throwable byListener() {
            return Objects.requireNonNull(getCause());
        }
    }

    private void failed(Due due, RuntimeException thrown) {
        int attempt = due.attempts() + 1;
        Throwable cause = thrown instanceof ListenerFailed failed ? failed.byListener() : thrown;
        String reason = "the listener failed with " + cause.getClass().getSimpleName() + " (attempt " + attempt + " of "
                + settings.backoff().attempts() + ")";
        boolean last = attempt >= settings.backoff().attempts();
        Duration delay = settings.backoff().after(attempt, jitter);
        boolean mine = database.write(
                tx -> last ? OutboxRows.park(tx, due, reason) : OutboxRows.retry(tx, due, reason, delay));
        // What an application's exception says may name people; it is for who looks closer.
        LOG.debug("The listener {} failed", due.listener(), cause);
        if (mine && last) {
            LOG.error(
                    "{}: {} is parked for listener {}: {}. Later changes are told; replay it when the cause is gone.",
                    SyncProblem.Code.SYNC_LISTENER_FAILED,
                    due.occurrence(),
                    due.listener(),
                    reason);
        } else if (mine) {
            LOG.warn(
                    "{}: {} for listener {}: {}; told again in {} ms.",
                    SyncProblem.Code.SYNC_LISTENER_FAILED,
                    due.occurrence(),
                    due.listener(),
                    reason,
                    delay.toMillis());
        }
    }

    /** Stops the workers; each finishes what it is telling. Waits for them up to 20 seconds. */
    @Override
    public void close() {
        crew.close();
    }
}
