package dev.lockstep.live;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.connection.LiveConnection;
import dev.lockstep.live.connection.Moment;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.live.subscription.ReadSetIndex;
import dev.lockstep.store.feed.Change;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Questions that are answered together at one moment, on connections beside the tick's own. Those that take longer than
 * the tick waits come late; sockets that need one are then moved to this moment, not to a newer one, so that however often
 * the tables change a slow query gets through. The lists and maps without a note belong to the thread of the ticks.
 */
final class AnswerBatch {
    /** More changes than this are not compared one by one. */
    private static final int MOST_CHANGES = 10_000;

    final Moment moment;
    /** Still to be taken by a lane; lanes take from it side by side. */
    final Queue<Wanted> queue;
    /** Written by the lanes. */
    final Map<Wanted, Answer> answered = new ConcurrentHashMap<>();
    /** Down to zero when every lane reads at the moment, or has given up. */
    final CountDownLatch begun;
    /** Down to zero when every lane has ended. */
    final CountDownLatch lanes;

    private final List<Wanted> wanted;
    private final Set<Wanted> collected = new HashSet<>();
    private final List<Change> since = new ArrayList<>();
    private boolean outdated;
    private final Map<LiveConnection, Waiter> waiters = new HashMap<>();

    /** A socket that could not be moved without an answer from here, and the answers it had already. */
    record Waiter(Caller caller, Map<Question, Answer> known) {}

    /** One answer of this batch, and whether it is right at the newest tick too. */
    record Late(Wanted wanted, Answer answer, boolean current) {}

    AnswerBatch(Moment moment, List<Wanted> wanted, int lanes) {
        this.moment = moment;
        this.wanted = List.copyOf(wanted);
        this.queue = new ConcurrentLinkedQueue<>(wanted);
        this.begun = new CountDownLatch(lanes);
        this.lanes = new CountDownLatch(lanes);
    }

    boolean isOver() {
        return lanes.getCount() == 0;
    }

    /** What was asked, answered or not. */
    List<Wanted> wanted() {
        return wanted;
    }

    /** The database has moved on. */
    void passed(Collection<Change> changes) {
        if (since.size() + changes.size() > MOST_CHANGES) {
            outdate();
        } else {
            since.addAll(changes);
        }
    }

    /** Nobody knows what has changed. */
    void outdate() {
        outdated = true;
        since.clear();
    }

    /** What has been answered since the last call. */
    List<Late> collect() {
        List<Late> late = new ArrayList<>();
        answered.forEach((asked, answer) -> {
            if (collected.add(asked)) {
                late.add(new Late(asked, answer, isCurrent(answer)));
            }
        });
        return late;
    }

    private boolean isCurrent(Answer answer) {
        if (outdated || since.isEmpty()) {
            return !outdated;
        }
        ReadSetIndex<Boolean> only = new ReadSetIndex<>();
        only.put(true, answer.readSet());
        return only.invalidated(since).isEmpty();
    }

    /** Keeps a socket until its answers are there. */
    void await(LiveConnection connection, Waiter waiter) {
        waiters.put(connection, waiter);
    }

    Map<LiveConnection, Waiter> waiters() {
        return waiters;
    }

    /** The answer as of this batch's moment, or null while there is none. */
    @Nullable
    Answer answer(Waiter waiter, Question question) {
        Answer known = waiter.known().get(question);
        if (known != null) {
            return known;
        }
        for (Map.Entry<Wanted, Answer> entry : answered.entrySet()) {
            Wanted asked = entry.getKey();
            boolean fits =
                    asked.caller().equals(waiter.caller()) || !entry.getValue().callerUsed();
            if (fits && asked.question().equals(question)) {
                return entry.getValue();
            }
        }
        return null;
    }
}
