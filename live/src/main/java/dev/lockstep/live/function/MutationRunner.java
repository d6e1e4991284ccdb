package dev.lockstep.live.function;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.ServerMessage.Failure;
import dev.lockstep.live.wire.WireValues;
import dev.lockstep.store.Database;
import dev.lockstep.store.Isolation;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Doorbell;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs mutations, each exactly once per caller, client session and request id: SERIALIZABLE, again after a conflict, and
 * answered from the log when it was carried out before. Thread-safe; blocks.
 */
public final class MutationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(MutationRunner.class);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

    private static final int MOST_DOUBLINGS = 10;

    private final Database database;
    private final LiveFunctions functions;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Failures failures;
    private final int attempts;
    private final Duration timeout;
    private final Duration outage;
    private final Semaphore places;
    private final Doorbell committed;
    private final WatchedTables watched = new WatchedTables();
    private final RequestLog log = new RequestLog();

    /**
     * Wires the runner; it does nothing yet.
     *
     * @param committed rung after each commit, so that every node looks at once
     */
    public MutationRunner(
            Database database,
            LiveFunctions functions,
            InstantSource clock,
            RandomGenerator random,
            Limits limits,
            Doorbell committed) {
        this.database = database;
        this.functions = functions;
        this.clock = clock;
        this.random = random;
        this.failures = new Failures(random, functions.observer());
        this.attempts = limits.attempts;
        this.timeout = limits.timeout;
        this.outage = limits.outage;
        this.places = new Semaphore(limits.concurrent, true);
        this.committed = committed;
    }

    /**
     * What mutations may use.
     *
     * @param concurrent how many run at once
     * @param attempts how often one is tried when others are in its way
     * @param timeout how long each of its statements may take
     * @param outage for how long one is tried again while the database is out of reach
     */
    public record Limits(int concurrent, int attempts, Duration timeout, Duration outage) {
        private static final Duration OUTAGE = Duration.ofSeconds(5);

        /** Limits with the usual time for an outage. */
        public Limits(int concurrent, int attempts, Duration timeout) {
            this(concurrent, attempts, timeout, OUTAGE);
        }
    }

    /** One request of one caller. */
    public record Request(Caller caller, UUID clientSession, long requestId, Call call) {}

    /** Learns about the transactions of a request; called on the thread that runs it. */
    public interface Watch {
        /** This transaction will carry the effect if it commits. Called before its commit. */
        void began(long xid);

        /** The transaction has no effect. */
        void rolledBack(long xid);
    }

    /** What became of a request. */
    public sealed interface Reply {
        /** Carried out, now or earlier, by the transaction {@code xid}. */
        record Committed(String resultJson, long xid, long ts) implements Reply {}

        /** Not carried out; the failure says why. */
        record Refused(Failure failure) implements Reply {}

        /** Unknown, or not possible now; the client should ask again, and the log will tell. */
        record Unknown() implements Reply {}
    }

    /** Carries out a request, or finds that it has been. */
    public Reply run(Request request, Watch watch) {
        return run(request, watch, false);
    }

    /** The same for a request of the application itself, which may name internal functions too. */
    Reply runInternal(Request request, Watch watch) {
        return run(request, watch, true);
    }

    private Reply run(Request request, Watch watch, boolean internalToo) {
        LiveFunctions.Entry<MutationFunction> entry = functions
                .mutation(request.call.path())
                .filter(found -> (found.open() || internalToo) && isRoot(request.call))
                .orElse(null);
        if (entry == null) {
            return new Reply.Refused(
                    Failures.unknown("mutation", request.call.path().value()));
        }
        places.acquireUninterruptibly();
        try {
            return attempts(request, entry, watch);
        } finally {
            places.release();
        }
    }

    /** Deletes the replies that are older than any replay can be. */
    public int prune(Duration kept) {
        return database.write(tx -> log.prune(tx, kept));
    }

    private static boolean isRoot(Call call) {
        String component = call.component();
        return component == null || component.isEmpty();
    }

    private Reply attempts(Request request, LiveFunctions.Entry<MutationFunction> entry, Watch watch) {
        long began = System.nanoTime();
        List<Long> uncertain = new ArrayList<>();
        int attempt = 0;
        int clashes = 0;
        int givenUp = 0;
        int outages = 0;
        while (attempt < attempts) {
            Attempt run = new Attempt(request, entry, watch, uncertain);
            switch (run.end()) {
                case Ended.With with -> {
                    return with.reply();
                }
                case Ended.InConflict conflict -> attempt++;
                case Ended.Clashed clashed -> {
                    // Among concurrent transactions that may be a conflict in disguise; if it stays, it is meant.
                    clashes++;
                    if (clashes > 1) {
                        return clashed.reply();
                    }
                }
                case Ended.GivenUp silent -> {
                    // A cut that has ended does not come again at once; a function that dawdles does.
                    givenUp++;
                    if (givenUp > 1) {
                        return run.tooLate("the server waited too long for its next statement", silent.state());
                    }
                }
                case Ended.Uncertain unknown -> {
                    if (System.nanoTime() - began > outage.toNanos()) {
                        return new Reply.Unknown();
                    }
                    outages++;
                }
            }
            pause(Math.clamp(Math.max(attempt, outages), 1, MOST_DOUBLINGS));
        }
        LOG.warn(
                "LIVE_MUTATION_CROWDED: function {} met conflicts in {} attempts of {}",
                request.call.path(),
                attempts,
                attempts);
        return new Reply.Refused(Failures.conflict(attempts));
    }

    /** How one attempt has ended. */
    private sealed interface Ended {
        record With(Reply reply) implements Ended {}

        /** It came between others. */
        record InConflict() implements Ended {}

        /** A row that must be the only one is there already. */
        record Clashed(Reply reply) implements Ended {}

        /** The server ended it because nothing came for too long: its node was cut off, or the function was busy elsewhere. */
        record GivenUp(String state) implements Ended {}

        /** The database went away; whether the attempt was committed is not known. */
        record Uncertain() implements Ended {}
    }

    private void pause(int attempt) {
        long most = Math.min(LONGEST_PAUSE.toNanos(), Duration.ofMillis(4).toNanos() << attempt);
        LockSupport.parkNanos(random.nextLong(most / 2, most));
    }

    private final class Attempt {
        private final Request request;
        private final LiveFunctions.Entry<MutationFunction> entry;
        private final Watch watch;
        /** Transactions of earlier attempts that may have been committed. */
        private final List<Long> uncertain;

        private boolean done;
        private long xid = -1;

        Attempt(Request request, LiveFunctions.Entry<MutationFunction> entry, Watch watch, List<Long> uncertain) {
            this.request = request;
            this.entry = entry;
            this.watch = watch;
            this.uncertain = uncertain;
        }

        Ended end() {
            try {
                Reply reply = database.inTransaction(Isolation.SERIALIZABLE, this::work);
                if (done) {
                    committed.ring();
                }
                return new Ended.With(reply);
            } catch (RuntimeException e) {
                String state = Failures.sqlState(e).orElse("none");
                boolean conflict = state.equals("40001") || state.equals("40P01");
                boolean late = state.equals("57014") || state.equals("55P03");
                boolean silent = state.equals("25P03") || state.equals("25P04");
                // Until the place is claimed, nobody knows whether an earlier attempt was committed after all.
                boolean undecided = xid < 0 && !uncertain.isEmpty();
                if (!conflict && (undecided || (!late && (done || Failures.databaseAway(e))))) {
                    LOG.warn(
                            "LIVE_MUTATION_UNKNOWN: function {}, {} with SQLSTATE {}; it is tried again",
                            request.call.path(),
                            e.getClass().getSimpleName(),
                            state);
                    if (xid >= 0) {
                        uncertain.add(xid);
                    }
                    return new Ended.Uncertain();
                }
                if (xid >= 0) {
                    watch.rolledBack(xid);
                }
                if (conflict) {
                    return new Ended.InConflict();
                }
                if (late) {
                    return new Ended.With(
                            tooLate("a statement took too long or met a lock that it may not wait for", state));
                }
                if (silent) {
                    return new Ended.GivenUp(state);
                }
                Reply refused =
                        new Reply.Refused(failures.of(request.call.path().value(), e));
                return state.equals("23505") || state.equals("23P01")
                        ? new Ended.Clashed(refused)
                        : new Ended.With(refused);
            }
        }

        /** The database says so itself, so the attempt has no effect. */
        private Reply tooLate(String why, String state) {
            LOG.warn("LIVE_MUTATION_TIMED_OUT: function {}, {}, SQLSTATE {}", request.call.path(), why, state);
            return new Reply.Refused(Failures.mutationTimedOut(timeout));
        }

        private Reply work(Tx tx) {
            RequestLog.Key key = RequestLog.Key.of(request.caller, request.clientSession, request.requestId);
            Optional<RequestLog.Entry> claimed = log.claim(tx, key, timeout);
            if (claimed.isEmpty()) {
                // If it was not an attempt of ours that was committed, but one over another socket, ours were not.
                RequestLog.Entry earlier = log.find(tx, key);
                uncertain.stream().filter(ours -> ours != earlier.xid()).forEach(watch::rolledBack);
                return new Reply.Committed(earlier.reply(), earlier.xid(), earlier.ts());
            }
            // The place is free, so none of the attempts before was committed.
            uncertain.forEach(watch::rolledBack);
            uncertain.clear();
            xid = claimed.get().xid();
            watch.began(xid);
            Args args = Args.checked(entry.fields(), QueryRunner.arguments(request.call.args()));
            FunctionRun run = new FunctionRun(functions, watched, tx, request.caller, clock.instant());
            String result = WireValues.encode(entry.function().run(run, args)).toString();
            log.save(tx, key, result);
            done = true;
            return new Reply.Committed(result, xid, claimed.get().ts());
        }
    }
}
