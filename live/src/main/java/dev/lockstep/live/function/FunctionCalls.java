package dev.lockstep.live.function;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.live.wire.ServerMessage.Failure;
import dev.lockstep.live.wire.WireValues;
import dev.lockstep.store.Database;
import dev.lockstep.store.OpenRead;
import dev.lockstep.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls functions one at a time, outside of what sockets follow: for HTTP, for actions, for programs. A call has no
 * request number, so nothing here is ever carried out twice, and a caller that repeats a mutation repeats it. Thread-safe;
 * blocks.
 */
public final class FunctionCalls {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionCalls.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final MutationRunner.Watch NOBODY = new MutationRunner.Watch() {
        @Override
        public void began(long xid) {}

        @Override
        public void rolledBack(long xid) {}
    };

    private final Database database;
    private final LiveFunctions functions;
    private final QueryRunner queries;
    private final MutationRunner mutations;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Failures failures;
    private final Duration queryTimeout;
    private final Duration actionTimeout;
    private final Semaphore actions;

    /**
     * Wires the calls; nothing runs yet.
     *
     * @param database where queries read
     * @param limits what calls may use
     */
    public FunctionCalls(
            Database database,
            LiveFunctions functions,
            MutationRunner mutations,
            InstantSource clock,
            RandomGenerator random,
            Limits limits) {
        this.database = database;
        this.functions = functions;
        this.queries = new QueryRunner(functions, clock, random);
        this.mutations = mutations;
        this.clock = clock;
        this.random = random;
        this.failures = new Failures(random, functions.observer());
        this.queryTimeout = limits.queryTimeout;
        this.actionTimeout = limits.actionTimeout;
        this.actions = new Semaphore(limits.concurrentActions);
    }

    /**
     * What calls may use.
     *
     * @param concurrentActions how many actions run at once on this node; more are refused
     * @param queryTimeout how long one statement of a query may take
     * @param actionTimeout how long one action may take
     */
    public record Limits(int concurrentActions, Duration queryTimeout, Duration actionTimeout) {}

    /** What became of a call. */
    public sealed interface Reply {
        /** Done; the result is finished JSON text of the wire. */
        record Done(String resultJson) implements Reply {}

        /** The function refused or broke. */
        record Failed(Failure failure) implements Reply {}

        /** Not possible now; nothing is known about its effect if it was a mutation and the database was lost. */
        record Unavailable(String sentence) implements Reply {}
    }

    /** Asks a public query at the newest state. */
    public Reply query(Caller caller, Call call) {
        return query(caller, call, false);
    }

    /** Asks a public query at the state at which this transaction is open, and closes it. */
    public Reply query(Caller caller, Call call, OpenRead at) {
        try (at) {
            return answer(at.tx(), caller, call, false);
        } catch (DataAccessException e) {
            return unavailable(call, e);
        }
    }

    /** Calls a public mutation. */
    public Reply mutation(Caller caller, Call call) {
        return mutation(caller, call, false);
    }

    /**
     * Runs a public action on a thread of its own, which is interrupted when it takes too long. The answer is there at the
     * limit at the latest.
     */
    public Reply action(Caller caller, Call call) {
        String component = call.component();
        LiveFunctions.Entry<ActionFunction> entry = functions
                .action(call.path())
                .filter(found -> found.open() && (component == null || component.isEmpty()))
                .orElse(null);
        if (entry == null) {
            return new Reply.Failed(Failures.unknown("action", call.path().value()));
        }
        if (!actions.tryAcquire()) {
            LOG.warn("LIVE_ACTIONS_CROWDED: function {} is refused, too many actions run already", call.path());
            return new Reply.Failed(
                    new Failure("TooManyConcurrentRequests: too many actions run now. Try again in a moment.", null));
        }
        TimedAction timed = new TimedAction(call.path(), actionTimeout, actions::release);
        return timed.run(() -> {
            try {
                Args args = Args.checked(entry.fields(), QueryRunner.arguments(call.args()));
                Object result = entry.function().run(new Run(caller, timed), args);
                return new Reply.Done(WireValues.encode(result).toString());
            } catch (RuntimeException e) {
                return new Reply.Failed(failures.of(call.path().value(), e));
            }
        });
    }

    private Reply query(Caller caller, Call call, boolean internalToo) {
        try {
            return database.read(tx -> answer(tx, caller, call, internalToo));
        } catch (DataAccessException e) {
            return unavailable(call, e);
        }
    }

    private Reply answer(Tx tx, Caller caller, Call call, boolean internalToo) {
        queries.begin(tx, queryTimeout.toMillis());
        Answer answer = queries.answer(tx, Question.of(call, null), caller, internalToo);
        return switch (answer.outcome()) {
            case Answer.Outcome.Value value -> new Reply.Done(value.json());
            case Answer.Outcome.Failed failed -> new Reply.Failed(failed.failure());
        };
    }

    private Reply mutation(Caller caller, Call call, boolean internalToo) {
        UUID once = new UUID(random.nextLong(), random.nextLong());
        MutationRunner.Request request = new MutationRunner.Request(caller, once, 0, call);
        MutationRunner.Reply reply =
                internalToo ? mutations.runInternal(request, NOBODY) : mutations.run(request, NOBODY);
        return switch (reply) {
            case MutationRunner.Reply.Committed done -> new Reply.Done(done.resultJson());
            case MutationRunner.Reply.Refused refused -> new Reply.Failed(refused.failure());
            case MutationRunner.Reply.Unknown unknown ->
                new Reply.Unavailable("The database is out of reach; the change may have been made or not.");
        };
    }

    private static Reply unavailable(Call call, DataAccessException e) {
        LOG.warn(
                "LIVE_CALL_UNAVAILABLE: function {}, {} with SQLSTATE {}",
                call.path(),
                e.getClass().getSimpleName(),
                Failures.sqlState(e).orElse("none"));
        return new Reply.Unavailable("The database is out of reach. Try again.");
    }

    private final class Run implements ActionContext {
        private final Caller caller;
        private final TimedAction timed;

        Run(Caller caller, TimedAction timed) {
            this.caller = caller;
            this.timed = timed;
        }

        @Override
        public Caller caller() {
            return caller;
        }

        @Override
        public Instant now() {
            return clock.instant();
        }

        @Override
        public @Nullable Object query(String path, Map<String, ?> args) {
            return value(path, timed.call(() -> FunctionCalls.this.query(caller, call(path, args), true)));
        }

        @Override
        public @Nullable Object mutation(String path, Map<String, ?> args) {
            return value(path, timed.call(() -> FunctionCalls.this.mutation(caller, call(path, args), true)));
        }

        private static Call call(String path, Map<String, ?> args) {
            return new Call(FunctionPath.of(path), WireValues.encode(args), null);
        }

        private static @Nullable Object value(String path, Reply reply) {
            return switch (reply) {
                case Reply.Done done -> WireValues.decode(JSON.readTree(done.resultJson()));
                case Reply.Failed failed -> throw failure(path, failed.failure());
                case Reply.Unavailable unavailable ->
                    throw new ActionCallFailed("'" + path + "': " + unavailable.sentence());
            };
        }

        private static RuntimeException failure(String path, Failure failure) {
            String data = failure.dataJson();
            return data == null
                    ? new ActionCallFailed("'" + path + "': " + failure.message())
                    : LiveError.told(failure.message(), data);
        }
    }
}
