package dev.lockstep.live;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.live.connection.ConnectionFacts;
import dev.lockstep.live.connection.Host;
import dev.lockstep.live.connection.LiveConnection;
import dev.lockstep.live.connection.Outbound;
import dev.lockstep.live.function.FunctionCalls;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.MutationRunner;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.FeedReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live room of one node: holds the sockets, runs their queries once per tick for all of them, and their mutations.
 * Thread-safe. It owns threads between {@link #start} and {@link #close}, but neither the database nor the feed.
 */
public final class LiveEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveEngine.class);
    private static final Duration ROUND = Duration.ofMillis(250);
    private static final int CONCURRENT_ACTIONS = 256;
    private static final Duration PRUNING = Duration.ofHours(1);

    private final FeedReader feed;
    private final LiveSettings settings;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final CallerAuthority authority;
    private final MutationRunner mutations;
    private final FunctionCalls calls;
    private final TickServer ticks;
    private final Host host = new EngineHost();

    private final Set<LiveConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong revocations = new AtomicLong();
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("lockstep-live-", 0).factory());
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lockstep-live-round").factory());
    private volatile boolean closed;
    private Instant prunedAt = Instant.MIN;

    /**
     * Wires the room; nothing runs yet.
     *
     * @param database where mutations write
     * @param feed whose ticks carry the queries; started and closed by its owner
     * @param functions what browsers may call
     * @param authority decides whom tokens speak for
     * @param settings how it works
     * @param clock the wall clock
     */
    public LiveEngine(
            Database database,
            FeedReader feed,
            LiveFunctions functions,
            CallerAuthority authority,
            LiveSettings settings,
            InstantSource clock) {
        this.feed = feed;
        this.settings = settings;
        this.clock = clock;
        this.random = RandomGenerator.of("SecureRandom");
        this.authority = authority;
        this.mutations = new MutationRunner(
                database,
                functions,
                clock,
                random,
                new MutationRunner.Limits(
                        settings.concurrentMutations(), settings.mutationAttempts(), settings.mutationTimeout()),
                feed);
        this.calls = new FunctionCalls(
                database,
                functions,
                mutations,
                clock,
                random,
                new FunctionCalls.Limits(CONCURRENT_ACTIONS, settings.queryTimeout()));
        this.ticks = new TickServer(functions, settings.queryTimeout(), clock, random, feed::ringHere);
    }

    /** Joins the feed and starts the threads; call once. */
    public void start() {
        feed.addListener(ticks);
        var unused =
                rounds.scheduleWithFixedDelay(this::round, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Takes over a socket that has just opened. The container then gives every text frame to
     * {@link LiveConnection#onText}, in order, and the end to {@link LiveConnection#onClose}.
     */
    public LiveConnection open(Outbound outbound, ConnectionFacts facts) {
        LOG.debug("A socket opened, client version {}", facts.clientVersion());
        LiveConnection connection = new LiveConnection(outbound, host, settings.limits());
        connections.add(connection);
        if (closed) {
            connection.shutDown();
        }
        return connection;
    }

    /**
     * Ends the sockets of signed-in callers whose rights are gone or changed: when this returns they have been told so and
     * closed. The page renews its token and comes back, if it still can.
     *
     * @return how many sockets
     */
    public int revoke(Predicate<Caller.SignedIn> revoked) {
        return recheck(caller -> caller instanceof Caller.SignedIn signedIn && revoked.test(signedIn));
    }

    /** The same for callers of any kind. */
    public int recheck(Predicate<Caller> changed) {
        revocations.incrementAndGet();
        int ended = 0;
        for (LiveConnection connection : connections) {
            if (connection.revokeIf(changed)) {
                ended++;
            }
        }
        return ended;
    }

    /** Calls functions without a socket, for instance for HTTP. */
    public FunctionCalls calls() {
        return calls;
    }

    /** The clock value of the newest tick; 0 before the first. */
    public long newestTs() {
        return ticks.newestTs();
    }

    /** How many sockets are open. */
    public int openSockets() {
        return connections.size();
    }

    /** Closes every socket so that its page comes back elsewhere, and ends the threads. */
    @Override
    public void close() {
        closed = true;
        connections.forEach(LiveConnection::shutDown);
        rounds.shutdownNow();
        workers.shutdown();
    }

    private void round() {
        try {
            connections.forEach(LiveConnection::tend);
            ticks.remind();
            Instant now = clock.instant();
            if (prunedAt.plus(PRUNING).isBefore(now) || prunedAt.equals(Instant.MIN)) {
                prunedAt = now;
                mutations.prune(settings.repliesKept());
            }
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.warn("LIVE_ROUND_FAILED: the regular round over the sockets failed; the next one follows", e);
            }
        }
    }

    private final class EngineHost implements Host {
        @Override
        public void wake(LiveConnection connection) {
            ticks.wake(connection);
        }

        @Override
        public void wakeLater(LiveConnection connection, Duration delay) {
            try {
                var unused = rounds.schedule(() -> ticks.wake(connection), delay.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closing) {
                LOG.debug("A socket is not served any more; the node stops", closing);
            }
        }

        @Override
        public void gone(LiveConnection connection) {
            connections.remove(connection);
            ticks.wake(connection);
        }

        @Override
        public long revocations() {
            return revocations.get();
        }

        @Override
        public long newestTs() {
            return ticks.newestTs();
        }

        @Override
        public CallerAuthority authority() {
            return authority;
        }

        @Override
        public FunctionCalls calls() {
            return calls;
        }

        @Override
        public MutationRunner mutations() {
            return mutations;
        }

        @Override
        public Executor executor() {
            return workers;
        }

        @Override
        public InstantSource clock() {
            return clock;
        }

        @Override
        public RandomGenerator random() {
            return random;
        }
    }
}
