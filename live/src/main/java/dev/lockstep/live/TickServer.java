package dev.lockstep.live;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.connection.CloseReason;
import dev.lockstep.live.connection.Following;
import dev.lockstep.live.connection.LiveConnection;
import dev.lockstep.live.connection.Moment;
import dev.lockstep.live.connection.Served;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.AnswerTable;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.store.feed.FeedListener;
import dev.lockstep.store.feed.Tick;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Turns each tick into Transitions: drops the answers that its changes make stale, has those asked again that are needed,
 * each once for all who may share it, and moves the sockets that this touches, or that wait for something, to the tick.
 */
final class TickServer implements FeedListener {
    private static final Logger LOG = LoggerFactory.getLogger(TickServer.class);
    private static final Caller NOBODY = new Caller.Anonymous();

    private final AnswerRuns runs;
    private final Doorbell doorbell;
    private final Outage outage;
    private final int mostNewcomers;
    /** Sockets that must be looked at in the next tick, whatever changes. */
    private final Set<LiveConnection> waiting = ConcurrentHashMap.newKeySet();

    private volatile long newestTs;

    // The rest belongs to the thread that calls onTick.
    private final AnswerTable answers;
    private final Books books;
    private final List<AnswerBatch> batches = new ArrayList<>();
    /** Functions whose answers have differed by caller. */
    private final Set<String> personal = new HashSet<>();

    /** Who must know that the feed has stopped or has skipped something. */
    interface Outage {
        void lost();

        void leftBehind();
    }

    /**
     * @param mostNewcomers sockets that get their first results in one tick, so that a crowd of them does not hold up those
     *     that are there
     */
    TickServer(AnswerRuns runs, int idleAnswers, int mostNewcomers, Doorbell doorbell, Outage outage) {
        this.runs = runs;
        this.answers = new AnswerTable(idleAnswers);
        this.books = new Books(answers);
        this.mostNewcomers = mostNewcomers;
        this.doorbell = doorbell;
        this.outage = outage;
    }

    void wake(LiveConnection connection) {
        waiting.add(connection);
        doorbell.ring();
    }

    /** Rings for sockets that could not be served before. */
    void remind() {
        if (!waiting.isEmpty()) {
            doorbell.ring();
        }
    }

    long newestTs() {
        return newestTs;
    }

    @Override
    public void onLost() {
        outage.lost();
    }

    @Override
    public void onLeftBehind() {
        outage.leftBehind();
        onGap();
    }

    @Override
    public void onGap() {
        answers.clear();
        batches.forEach(AnswerBatch::outdate);
        waiting.addAll(books.everybody());
    }

    @Override
    public void onTick(Tick tick) {
        newestTs = tick.ts().value();
        Set<LiveConnection> touched = new LinkedHashSet<>(waiting);
        waiting.removeAll(touched);
        try {
            for (Question stale : answers.drop(tick.changes())) {
                touched.addAll(books.followersOf(stale));
            }
            touched.addAll(takeLate(tick));
            if (!touched.isEmpty() && serve(tick, touched)) {
                doorbell.ring();
            }
        } catch (DataAccessException e) {
            waiting.addAll(touched);
            throw e;
        } catch (InterruptedException e) {
            waiting.addAll(touched);
            Thread.currentThread().interrupt();
        }
    }

    /** Moves the sockets that waited for slow answers to the moment of those; returns them, for they may lag behind now. */
    private Set<LiveConnection> takeLate(Tick tick) {
        Set<LiveConnection> moved = new HashSet<>();
        for (AnswerBatch batch : List.copyOf(batches)) {
            batch.passed(tick.changes());
            boolean over = batch.isOver();
            keep(batch);
            batch.waiters().entrySet().removeIf(entry -> {
                LiveConnection connection = entry.getKey();
                Following follows = books.notice(connection);
                boolean there = follows.caller().equals(entry.getValue().caller())
                        && follows.questions().stream()
                                .allMatch(question -> batch.answer(entry.getValue(), question) != null);
                if (there) {
                    serve(connection, batch.moment, (question, caller) -> batch.answer(entry.getValue(), question));
                }
                if (there || over) {
                    moved.add(connection);
                }
                return there || over;
            });
            if (over) {
                batches.remove(batch);
            }
        }
        return moved;
    }

    private void keep(AnswerBatch batch) {
        for (AnswerBatch.Late late : batch.collect()) {
            Wanted asked = late.wanted();
            notePersonal(asked, late.answer());
            if (late.current() && !books.followersOf(asked.question()).isEmpty()) {
                answers.put(asked.question(), asked.caller(), late.answer());
            }
        }
    }

    private void notePersonal(Wanted asked, Answer answer) {
        if (answer.callerUsed()) {
            personal.add(asked.question().path());
        }
    }

    /** Returns whether some socket wants the very next tick. */
    private boolean serve(Tick tick, Set<LiveConnection> touched) throws InterruptedException {
        Moment moment = Moment.of(tick);
        boolean again = false;
        int newcomers = 0;
        Map<LiveConnection, Following> ready = new LinkedHashMap<>();
        for (LiveConnection connection : touched) {
            Following follows = books.notice(connection);
            Served turn = connection.turn(moment);
            if (turn == Served.READY && connection.isNew() && ++newcomers > mostNewcomers) {
                turn = Served.NEXT_TICK;
            }
            if (turn == Served.READY) {
                ready.put(connection, follows);
            } else {
                again |= later(connection, turn);
            }
        }
        answer(tick, ready.values());
        for (Map.Entry<LiveConnection, Following> entry : ready.entrySet()) {
            LiveConnection connection = entry.getKey();
            Served turn = serve(connection, moment, this::found);
            if (turn == Served.UNANSWERED) {
                again |= awaitLate(connection, entry.getValue(), moment);
            } else {
                again |= later(connection, turn);
            }
            // An answer may have changed what is asked the next time.
            books.notice(connection);
        }
        return again;
    }

    private boolean later(LiveConnection connection, Served turn) {
        return switch (turn) {
            case DONE, READY -> false;
            case LATER, UNANSWERED -> {
                waiting.add(connection);
                yield false;
            }
            case NEXT_TICK -> {
                waiting.add(connection);
                yield true;
            }
        };
    }

    /** Leaves a socket with the batch that has its missing answers, if there is one; returns whether there is none. */
    private boolean awaitLate(LiveConnection connection, Following follows, Moment moment) {
        Map<Question, Answer> known = new HashMap<>();
        List<Wanted> missing = new ArrayList<>();
        for (Question question : follows.questions()) {
            Answer answer = found(question, follows.caller());
            if (answer == null) {
                missing.add(new Wanted(question, follows.caller()));
            } else {
                known.put(question, answer);
            }
        }
        for (AnswerBatch batch : batches) {
            if (batch.moment.equals(moment) && missing.stream().allMatch(each -> isCovered(each, batch))) {
                batch.await(connection, new AnswerBatch.Waiter(follows.caller(), known));
                return false;
            }
        }
        waiting.add(connection);
        // The end of a batch rings.
        return batches.isEmpty();
    }

    private boolean isCovered(Wanted missing, AnswerBatch batch) {
        return personal.contains(missing.question().path())
                ? batch.wanted().contains(missing)
                : batch.wanted().stream().anyMatch(each -> each.question().equals(missing.question()));
    }

    private @Nullable Answer found(Question question, Caller caller) {
        return answers.find(question, caller).orElse(null);
    }

    private Served serve(
            LiveConnection connection, Moment moment, BiFunction<Question, Caller, @Nullable Answer> found) {
        try {
            return connection.serve(moment, found);
        } catch (RuntimeException e) {
            LOG.warn("LIVE_SERVE_FAILED: a socket could not be served and is closed", e);
            connection.end(CloseReason.INTERNAL);
            return Served.DONE;
        }
    }

    /** Has the questions asked that have no answer: of those that may be the same for everybody, one caller's first. */
    private void answer(Tick tick, Iterable<Following> ready) throws InterruptedException {
        List<Wanted> missing = missing(ready);
        for (int wave = 1; wave <= 2 && !missing.isEmpty(); wave++) {
            Map<Wanted, Wanted> wanted = new LinkedHashMap<>();
            List<Wanted> left = new ArrayList<>();
            for (Wanted asked : missing) {
                boolean own = personal.contains(asked.question().path());
                boolean running = own ? runs.isRunning(asked) : runs.isAsked(asked.question());
                if (!running && found(asked.question(), asked.caller()) == null) {
                    wanted.putIfAbsent(own ? asked : new Wanted(asked.question(), NOBODY), asked);
                    left.add(asked);
                }
            }
            if (wanted.isEmpty()) {
                return;
            }
            run(tick, List.copyOf(wanted.values()));
            missing = left;
        }
    }

    private List<Wanted> missing(Iterable<Following> ready) {
        List<Wanted> missing = new ArrayList<>();
        for (Following follows : ready) {
            for (Question question : follows.questions()) {
                if (found(question, follows.caller()) == null) {
                    missing.add(new Wanted(question, follows.caller()));
                }
            }
        }
        return missing;
    }

    private void run(Tick tick, List<Wanted> wanted) throws InterruptedException {
        if (runs.areFewAndQuick(wanted)) {
            runs.begin(tick.tx());
            for (Wanted asked : wanted) {
                Answer answer = runs.answer(tick.tx(), asked);
                notePersonal(asked, answer);
                answers.put(asked.question(), asked.caller(), answer);
            }
            runs.end(tick.tx());
            return;
        }
        run(tick, wanted.stream().filter(runs::isSlow).toList(), true);
        run(tick, wanted.stream().filter(asked -> !runs.isSlow(asked)).toList(), false);
    }

    private void run(Tick tick, List<Wanted> wanted, boolean slow) throws InterruptedException {
        if (!wanted.isEmpty()) {
            List<Wanted> some = wanted.subList(0, Math.min(wanted.size(), AnswerRuns.MOST));
            AnswerBatch batch = runs.start(tick, some, slow);
            boolean over = batch.isOver();
            keep(batch);
            if (!over) {
                batches.add(batch);
            }
        }
    }
}
