package dev.lockstep.live;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.live.connection.CloseReason;
import dev.lockstep.live.connection.ConnectionFacts;
import dev.lockstep.live.connection.Host;
import dev.lockstep.live.connection.LiveConnection;
import dev.lockstep.live.connection.Outbound;
import dev.lockstep.live.function.FunctionCalls;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.MutationRunner;
import dev.lockstep.live.function.QueryRunner;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.FeedReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The live room of one node: holds the sockets, runs their queries once per tick for all of them, and their mutations.
 * Thread-safe. It owns threads between {@link #start} and {@link #close}, but neither the database nor the feed.
 */
public final class LiveEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveEngine.class);
    private static final Duration ROUND = Duration.ofMillis(250);
    /** Every how many rounds each socket is looked at; nothing there is due to the tenth of a second. */
    private static final int ROUNDS_TO_TEND = 4;

    private static final Duration SPREAD = Duration.ofSeconds(2);
    /** What the database may take to say that a statement has been stopped; who hears nothing by then is cut off. */
    private static final Duration ANSWERING = Duration.ofSeconds(2);

    private static final Duration LEAST_PAUSE = Duration.ofMillis(1);
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
    private final Admission admission;
    private final AtomicLong sentAway = new AtomicLong();
    private volatile boolean closed;
    /** Goes true once: pages are sent elsewhere. */
    private volatile boolean leaving;
    /** Used by the round only. */
    private boolean saidLost;

    private int roundsSinceTended;

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
                database.within(settings.mutationTimeout().plus(ANSWERING)),
                functions,
                clock,
                random,
                new MutationRunner.Limits(
                        settings.concurrentMutations(),
                        settings.mutationAttempts(),
                        settings.mutationTimeout(),
                        settings.lostAfter()),
                feed);
        this.calls = new FunctionCalls(
                database,
                functions,
                mutations,
                clock,
                random,
                new FunctionCalls.Limits(CONCURRENT_ACTIONS, settings.queryTimeout(), settings.actionTimeout()));
        LiveSettings.Crowd crowd = settings.crowd();
        this.ticks = new TickServer(
                new AnswerRuns(
                        database.within(settings.queryTimeout().plus(ANSWERING)),
                        new QueryRunner(functions, clock, random),
                        workers,
                        new AnswerRuns.Settings(
                                crowd.queryLanes(),
                                crowd.slowQueryLanes(),
                                crowd.lanePatience(),
                                settings.queryTimeout()),
                        feed::ringHere),
                crowd.idleAnswers(),
                crowd.newcomersPerTick(),
                feed::ringHere,
                new Interruptions());
        this.admission = new Admission(crowd);
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
        if (leaving) {
            connection.end(CloseReason.STOPPING);
        } else if (!isLive()) {
            connection.end(CloseReason.CUT_OFF);
        } else if (!admission.mayOpen(connections.size())) {
            connection.end(CloseReason.CROWDED);
        } else {
            connections.add(connection);
            if (leaving) {
                connection.end(CloseReason.STOPPING);
            }
        }
        return connection;
    }

    /**
     * Whether this node shows what the database holds: it has looked at it lately. A node that is not live has sent its
     * pages away and takes no new ones.
     */
    public boolean isLive() {
        return feed.sinceLook().compareTo(settings.lostAfter()) < 0;
    }

    /** How long ago this node has looked at the database for the last time. */
    public Duration sinceLook() {
        return feed.sinceLook();
    }

    /** How many sockets were refused because there were too many, since the start. */
    public long socketsRefused() {
        return admission.refused();
    }

    /** How often all sockets were sent away, because the database was lost or this node had fallen behind. */
    public long timesSentAway() {
        return sentAway.get();
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

    /** How many sockets are open. */
    public int openSockets() {
        return connections.size();
    }

    /**
     * Sends every page away, spread over a while, so that they do not all come to the other nodes at once; takes no new
     * ones. Returns when all are gone.
     *
     * @param most how long it may take; a few sockets go at once
     */
    public void drain(Duration most) throws InterruptedException {
        leaving = true;
        List<LiveConnection> left = new ArrayList<>(connections);
        Collections.shuffle(left, random);
        long pause = left.isEmpty() ? 0 : Math.min(most.toNanos() / left.size(), LEAST_PAUSE.toNanos());
        for (LiveConnection connection : left) {
            connection.end(CloseReason.STOPPING);
            LockSupport.parkNanos(pause);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        connections.forEach(connection -> connection.end(CloseReason.STOPPING));
    }

    /** Closes every socket so that its page comes back elsewhere, and ends the threads. */
    @Override
    public void close() {
        leaving = true;
        closed = true;
        connections.forEach(connection -> connection.end(CloseReason.STOPPING));
        rounds.shutdownNow();
        workers.shutdown();
    }

    private void round() {
        try {
            admission.recount(connections.stream().filter(LiveConnection::isNew).count());
            roundsSinceTended++;
            if (roundsSinceTended == ROUNDS_TO_TEND) {
                roundsSinceTended = 0;
                connections.forEach(LiveConnection::tend);
            }
            if (isLive()) {
                saidLost = false;
                ticks.remind();
                prune();
            } else if (!saidLost) {
                saidLost = true;
                sentAway.incrementAndGet();
                LOG.warn(
                        "LIVE_DATABASE_LOST: the database has not answered for {} ms; this node sends its {} pages away",
                        feed.sinceLook().toMillis(),
                        connections.size());
                connections.forEach(connection -> connection.end(CloseReason.CUT_OFF));
            }
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.warn("LIVE_ROUND_FAILED: the regular round over the sockets failed; the next one follows", e);
            }
        }
    }

    private void prune() {
        Instant now = clock.instant();
        if (prunedAt.equals(Instant.MIN) || prunedAt.plus(PRUNING).isBefore(now)) {
            prunedAt = now;
            workers.execute(() -> {
                try {
                    mutations.prune(settings.repliesKept());
                } catch (DataAccessException e) {
                    LOG.debug("LIVE_PRUNE_FAILED Old replies stay for another while.", e);
                }
            });
        }
    }

    /** What the feed says of itself. */
    private final class Interruptions implements TickServer.Outage {
        @Override
        public void lost() {
            LOG.debug("The feed has stopped; pages stay for {}", settings.lostAfter());
        }

        @Override
        public void leftBehind() {
            sentAway.incrementAndGet();
            LOG.warn(
                    "LIVE_LEFT_BEHIND: the log of changes was not kept for this node; it sends its {} pages away",
                    connections.size());
            connections.forEach(connection -> {
                long wait = random.nextLong(SPREAD.toMillis());
                var unused = rounds.schedule(() -> connection.end(CloseReason.STOPPING), wait, TimeUnit.MILLISECONDS);
            });
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
            admission.left(connection);
            ticks.wake(connection);
        }

        @Override
        public boolean speaksFor(LiveConnection connection, Caller caller) {
            return admission.maySpeak(connection, caller);
        }

        @Override
        public long revocations() {
            return revocations.get();
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
