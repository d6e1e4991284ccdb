package dev.lockstep.live.connection;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.live.wire.ClientMessage.Connect;
import dev.lockstep.live.wire.ClientMessage.Modification;
import dev.lockstep.live.wire.ClientMessage.ModifyQuerySet;
import dev.lockstep.live.wire.ServerMessage.QueryChange;
import dev.lockstep.live.wire.ServerMessage.Transition;
import dev.lockstep.live.wire.StateVersion;
import dev.lockstep.live.wire.WireViolation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where one socket stands: what the client has asked for, what it has been sent, and which of its own mutations are
 * under way. Pure: it knows no socket, no thread, no clock. Not thread-safe.
 */
final class SyncState {
    /** The bits of a clock value below its epoch. */
    private static final int EPOCH_SHIFT = 48;

    private final int mostQueries;
    private final int mostMutations;

    /** Null until the first message, then fixed. */
    private @Nullable Connect connect;

    private Caller caller = new Caller.Anonymous();
    /** Versions the client has asked for; each only grows. */
    private long querySet;

    private long identity;
    /** What the client has been told; its parts never pass the versions above, and its ts never falls. */
    private StateVersion sent = StateVersion.START;

    private boolean anythingSent;
    /** Set while a token is looked at; nothing is sent meanwhile, for nobody knows yet to whom. */
    private boolean proving;

    /** Grows when a question is asked with another journal than before. */
    private long journals;

    private final Map<Long, Followed> queries = new LinkedHashMap<>();
    /** Queries that the client still holds a result of, though it follows them no more. */
    private final Set<Long> removed = new LinkedHashSet<>();

    private int mutations;
    /** Mutations that a reconnecting page may have sent before: whether they are committed is not known yet. */
    private int doubtful;
    /** Transactions of mutations without a response. */
    private final Set<Long> running = new LinkedHashSet<>();
    /** Mutations with a response whose effect the client has not been sent. */
    private final List<Own> answered = new ArrayList<>();

    SyncState(int mostQueries, int mostMutations) {
        this.mostQueries = mostQueries;
        this.mostMutations = mostMutations;
    }

    private static final class Followed {
        /** Asked with the journal of the last answer that had one. */
        private Question question;
        /** What the client holds; null before the first result. */
        private Answer.@Nullable Outcome held;

        Followed(Question question) {
            this.question = question;
        }
    }

    /** @param settledAt when its commit was known, on the clock of {@link #turn} */
    private record Own(long xid, long ts, long settledAt) {}

    /** What a tick means for this socket. */
    enum Turn {
        /** The client has not finished saying what it wants. */
        TOO_EARLY,
        /** The tick shows an effect of the socket's own mutation before, or hides it after, its response. */
        OUT_OF_STEP,
        /** The tick may be sent. */
        READY
    }

    void connected(Connect message) {
        if (connect != null) {
            throw new WireViolation("A second Connect came on one socket.");
        }
        connect = message;
    }

    /** Begins to look at a token; ends with {@link #accept}, or the socket is closed. */
    void prove(long baseVersion) {
        requireConnect();
        if (baseVersion != identity) {
            throw new WireViolation("BaseVersionMismatch: an Authenticate follows identity " + baseVersion
                    + ", the current one is " + identity + ".");
        }
        proving = true;
    }

    void accept(Caller accepted) {
        proving = false;
        caller = accepted;
        identity++;
    }

    void modify(ModifyQuerySet message) {
        requireConnect();
        if (message.baseVersion() != querySet) {
            throw new WireViolation("BaseVersionMismatch: a ModifyQuerySet follows query set " + message.baseVersion()
                    + ", the current one is " + querySet + ".");
        }
        if (message.newVersion() <= querySet) {
            throw new WireViolation("A ModifyQuerySet does not raise the version of the query set.");
        }
        for (Modification step : message.modifications()) {
            switch (step) {
                case Modification.Add add -> add(add);
                case Modification.Remove remove -> remove(remove.queryId());
            }
        }
        querySet = message.newVersion();
    }

    private void add(Modification.Add add) {
        if (queries.containsKey(add.queryId())) {
            throw new WireViolation("A query id is added twice.");
        }
        if (queries.size() == mostQueries) {
            throw new WireViolation("A page may follow " + mostQueries + " queries at once.");
        }
        queries.put(add.queryId(), new Followed(Question.of(add.call(), add.journal())));
        removed.remove(add.queryId());
    }

    private void remove(long queryId) {
        Followed followed = queries.remove(queryId);
        if (followed == null) {
            throw new WireViolation("A query id is removed that was not added.");
        }
        if (followed.held != null) {
            removed.add(queryId);
        }
    }

    /**
     * Takes in one more mutation.
     *
     * @return the state of this mutation, or empty when too many wait already
     */
    Optional<Doubt> mutationArrived() {
        Connect page = requireConnect();
        if (mutations == mostMutations) {
            return Optional.empty();
        }
        mutations++;
        Doubt doubt = new Doubt(page.connectionCount() > 0 && !anythingSent);
        if (doubt.open) {
            doubtful++;
        }
        return Optional.of(doubt);
    }

    /** Whether it is still unknown if one mutation was committed over an earlier socket. */
    static final class Doubt {
        private boolean open;

        private Doubt(boolean open) {
            this.open = open;
        }
    }

    /** A mutation runs in this transaction; it had not been committed before. */
    void mutationBegan(Doubt doubt, long xid) {
        settle(doubt);
        running.add(xid);
    }

    /** The transaction is rolled back; the mutation runs again in another one, or fails. */
    void mutationRolledBack(long xid) {
        running.remove(xid);
    }

    /**
     * Its response is sent now.
     *
     * @param settledAt the present time, on the clock of {@link #turn}
     */
    void mutationSucceeded(Doubt doubt, long xid, long ts, long settledAt) {
        settle(doubt);
        running.remove(xid);
        mutations--;
        answered.add(new Own(xid, ts, settledAt));
    }

    /** Its response is sent now; it has no effect. */
    void mutationFailed(Doubt doubt) {
        settle(doubt);
        mutations--;
    }

    private void settle(Doubt doubt) {
        if (doubt.open) {
            doubt.open = false;
            doubtful--;
        }
    }

    /**
     * What a tick at this moment means.
     *
     * @param begunAt before the tick's snapshot was taken, on a clock that only this process knows
     */
    Turn turn(long ts, LongPredicate sees, long begunAt) {
        if (connect == null || querySet == 0 || proving || doubtful > 0) {
            return Turn.TOO_EARLY;
        }
        for (Long xid : running) {
            if (sees.test(xid)) {
                return Turn.OUT_OF_STEP;
            }
        }
        for (Own own : answered) {
            if (ts >= own.ts != isVisible(own, ts, sees, begunAt)) {
                return Turn.OUT_OF_STEP;
            }
        }
        return Turn.READY;
    }

    /**
     * What was committed before a tick began is in it. In one that had begun earlier, the number of the transaction tells,
     * but only within one epoch: one that ran while the epoch grew bears the former, and a later tick may lack it.
     */
    private static boolean isVisible(Own own, long ts, LongPredicate sees, long begunAt) {
        return begunAt - own.settledAt >= 0 || (ts >> EPOCH_SHIFT == own.ts >> EPOCH_SHIFT && sees.test(own.xid));
    }

    /**
     * Moves the client to this tick; only when {@link #turn} says READY.
     *
     * @param outcomes the answers at this tick, in the order of {@link #questions}
     * @return empty when the client need not be told anything
     */
    Optional<Transition> advance(long ts, List<Answer.Outcome> outcomes, @Nullable Double clientClockSkewMillis) {
        if (ts < sent.ts()) {
            throw new IllegalStateException("The clock of the feed went back");
        }
        if (outcomes.size() != queries.size()) {
            throw new IllegalStateException("There are not as many answers as questions");
        }
        List<QueryChange> changes = new ArrayList<>();
        removed.forEach(queryId -> changes.add(new QueryChange.Removed(queryId)));
        removed.clear();
        Iterator<Answer.Outcome> fresh = outcomes.iterator();
        for (Map.Entry<Long, Followed> entry : queries.entrySet()) {
            Followed followed = entry.getValue();
            Answer.Outcome outcome = fresh.next();
            remember(followed, outcome);
            if (!outcome.equals(followed.held)) {
                changes.add(change(entry.getKey(), outcome));
                followed.held = outcome;
            }
        }
        boolean reached = answered.removeIf(own -> own.ts <= ts);
        boolean asked = querySet != sent.querySet() || identity != sent.identity();
        if (changes.isEmpty() && !reached && !asked) {
            return Optional.empty();
        }
        StateVersion end = new StateVersion(querySet, identity, ts);
        Transition transition = new Transition(sent, end, changes, clientClockSkewMillis);
        sent = end;
        anythingSent = true;
        return Optional.of(transition);
    }

    private void remember(Followed followed, Answer.Outcome outcome) {
        String journal = outcome.journal();
        if (journal != null && !journal.equals(followed.question.journal())) {
            followed.question = followed.question.withJournal(journal);
            journals++;
        }
    }

    private static QueryChange change(long queryId, Answer.Outcome outcome) {
        return switch (outcome) {
            case Answer.Outcome.Value value -> new QueryChange.Updated(queryId, value.json(), value.journal());
            case Answer.Outcome.Failed failed -> new QueryChange.Failed(queryId, failed.failure());
        };
    }

    /** Whether the client waits for a Transition even if no result has changed. */
    boolean owesTransition() {
        return querySet != sent.querySet() || identity != sent.identity() || !answered.isEmpty();
    }

    Caller caller() {
        return caller;
    }

    StateVersion sent() {
        return sent;
    }

    boolean anythingSent() {
        return anythingSent;
    }

    Optional<Connect> connect() {
        return Optional.ofNullable(connect);
    }

    /** What is followed now. */
    List<Question> questions() {
        List<Question> questions = new ArrayList<>(queries.size());
        for (Followed followed : queries.values()) {
            questions.add(followed.question);
        }
        return questions;
    }

    /** Puts equal questions in the place of those that are followed: the same objects for all sockets that ask the same. */
    void share(UnaryOperator<Question> same) {
        for (Followed followed : queries.values()) {
            followed.question = same.apply(followed.question);
        }
    }

    /** The answers to {@link #questions} in their order, or null when one is missing. */
    @Nullable
    List<Answer.Outcome> answered(Function<Question, @Nullable Answer> answers) {
        List<Answer.Outcome> outcomes = new ArrayList<>(queries.size());
        for (Followed followed : queries.values()) {
            Answer answer = answers.apply(followed.question);
            if (answer == null) {
                return null;
            }
            outcomes.add(answer.outcome());
        }
        return outcomes;
    }

    /** Grows whenever {@link #questions} or {@link #caller} may have changed. */
    long followingVersion() {
        return querySet + identity + journals;
    }

    private Connect requireConnect() {
        if (connect == null) {
            throw new WireViolation("The first message is not a Connect.");
        }
        return connect;
    }

    /** Fails when the parts contradict each other. */
    void validate() {
        check(sent.querySet() <= querySet && sent.identity() <= identity, "more was sent than was asked for");
        check(queries.size() <= mostQueries, "too many queries");
        check(removed.stream().noneMatch(queries::containsKey), "a query is both followed and removed");
        check(mutations >= 0 && mutations <= mostMutations, "the count of mutations is off");
        check(doubtful >= 0 && doubtful <= mutations, "the count of doubtful mutations is off");
        check(running.size() <= mutations, "a transaction belongs to no mutation");
        check(connect != null || (querySet == 0 && identity == 0 && mutations == 0), "something came before Connect");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
