package dev.lockstep.live.function;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.live.wire.WireValues;
import dev.lockstep.store.Tx;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers questions by running queries inside the transaction of a tick. Thread-safe; its transactions are not. */
public final class QueryRunner {
    private static final String UNDO_QUERY = "ROLLBACK TO SAVEPOINT lockstep_query";
    private static final String END = "ROLLBACK TO SAVEPOINT lockstep_live; RELEASE SAVEPOINT lockstep_live";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final LiveFunctions functions;
    private final InstantSource clock;
    private final Failures failures;
    private final WatchedTables watched = new WatchedTables();

    public QueryRunner(LiveFunctions functions, InstantSource clock, RandomGenerator random) {
        this.functions = functions;
        this.clock = clock;
        this.failures = new Failures(random, functions.observer());
    }

    /**
     * Prepares a transaction for {@link #answer}: limits its statements and sets the point to which a failing query is
     * rolled back.
     */
    public void begin(Tx tx, long timeoutMillis) {
        tx.sql("SAVEPOINT lockstep_live; SET LOCAL statement_timeout = " + timeoutMillis + "; SAVEPOINT lockstep_query")
                .update();
    }

    /** Undoes {@link #begin}, for whoever uses the transaction next. */
    public void end(Tx tx) {
        tx.sql(END).update();
    }

    /**
     * Answers one question. A failure of the query is an answer too.
     *
     * @throws DataAccessException when the database is out of reach
     */
    public Answer answer(Tx tx, Question question, Caller caller) {
        return answer(tx, question, caller, false);
    }

    Answer answer(Tx tx, Question question, Caller caller, boolean internalToo) {
        LiveFunctions.Entry<QueryFunction> entry = functions
                .query(new FunctionPath(question.path()))
                .filter(found ->
                        (found.open() || internalToo) && question.component().isEmpty())
                .orElse(null);
        if (entry == null) {
            return settled(new Answer.Outcome.Failed(Failures.unknown("query", question.path())));
        }
        FunctionRun run = FunctionRun.query(functions, watched, tx, caller, clock.instant(), question.journal());
        return new Answer(outcome(tx, run, entry, question), run.readSet(), run.callerUsed());
    }

    private Answer.Outcome outcome(
            Tx tx, FunctionRun run, LiveFunctions.Entry<QueryFunction> entry, Question question) {
        try {
            Args args = Args.checked(entry.fields(), arguments(JSON.readTree(question.argsJson())));
            String json = WireValues.encode(entry.function().run(run, args)).toString();
            return new Answer.Outcome.Value(json, run.journal());
        } catch (RuntimeException e) {
            if (Failures.databaseAway(e)) {
                throw e;
            }
            tx.sql(UNDO_QUERY).update();
            return new Answer.Outcome.Failed(failures.of(question.path(), e));
        }
    }

    private static Answer settled(Answer.Outcome outcome) {
        return new Answer(outcome, Set.of(), false);
    }

    /** Reads the argument object of a call. */
    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> arguments(JsonNode json) {
        try {
            if (WireValues.decode(json) instanceof Map<?, ?> map) {
                return (Map<String, @Nullable Object>) map;
            }
        } catch (WireValues.InvalidValue | JacksonException e) {
            throw new ArgumentRefused(String.valueOf(e.getMessage()));
        }
        throw new ArgumentRefused("The argument is not an object");
    }
}
