package dev.lockstep.live;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.connection.Following;
import dev.lockstep.live.connection.LiveConnection;
import dev.lockstep.live.connection.LiveConnection.Served;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.QueryRunner;
import dev.lockstep.live.subscription.Answer;
import dev.lockstep.live.subscription.AnswerTable;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.store.feed.FeedListener;
import dev.lockstep.store.feed.Tick;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Turns each tick into Transitions: drops the answers that its changes make stale, and lets the sockets that this touches,
 * or that wait for something, move to the tick. An answer is made once per tick, by the first socket that needs it.
 */
final class TickServer implements FeedListener {
    private static final Logger LOG = LoggerFactory.getLogger(TickServer.class);
    private static final Following NOTHING = new Following(-1, new Caller.Anonymous(), java.util.List.of());

    private final QueryRunner queries;
    private final long queryTimeoutMillis;
    private final Doorbell doorbell;
    /** Sockets that must be looked at in the next tick, whatever changes. */
    private final Set<LiveConnection> waiting = ConcurrentHashMap.newKeySet();

    private volatile long newestTs;

    // The rest belongs to the thread that calls onTick.
    private final AnswerTable answers = new AnswerTable();
    private final Map<LiveConnection, Following> following = new HashMap<>();
    private final Map<Question, Set<LiveConnection>> followers = new HashMap<>();

    TickServer(
            LiveFunctions functions,
            Duration queryTimeout,
            InstantSource clock,
            RandomGenerator random,
            Doorbell doorbell) {
        this.queries = new QueryRunner(functions, clock, random);
        this.queryTimeoutMillis = queryTimeout.toMillis();
        this.doorbell = doorbell;
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
    public void onGap() {
        answers.clear();
        waiting.addAll(following.keySet());
    }

    @Override
    public void onTick(Tick tick) {
        newestTs = tick.ts().value();
        Set<LiveConnection> touched = new LinkedHashSet<>(waiting);
        waiting.removeAll(touched);
        for (Question stale : answers.drop(tick.changes())) {
            touched.addAll(followers.getOrDefault(stale, Set.of()));
        }
        if (touched.isEmpty()) {
            return;
        }
        try {
            queries.begin(tick.tx(), queryTimeoutMillis);
            if (serve(tick, touched)) {
                doorbell.ring();
            }
            queries.end(tick.tx());
        } catch (DataAccessException e) {
            waiting.addAll(touched);
            throw e;
        }
    }

    /** Returns whether some socket wants the very next tick. */
    private boolean serve(Tick tick, Set<LiveConnection> touched) {
        boolean again = false;
        for (LiveConnection connection : touched) {
            switch (serve(tick, connection)) {
                case DONE -> {}
                case LATER -> waiting.add(connection);
                case NEXT_TICK -> {
                    waiting.add(connection);
                    again = true;
                }
            }
        }
        return again;
    }

    private Served serve(Tick tick, LiveConnection connection) {
        try {
            notice(connection);
            return connection.serve(tick, (question, caller) -> answer(tick, question, caller));
        } catch (DataAccessException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("LIVE_SERVE_FAILED: a socket could not be served and is closed", e);
            connection.fail();
            return Served.DONE;
        }
    }

    private Answer answer(Tick tick, Question question, Caller caller) {
        return answers.find(question, caller).orElseGet(() -> {
            Answer answer = queries.answer(tick.tx(), question, caller);
            answers.put(question, caller, answer);
            return answer;
        });
    }

    /** Keeps the books on who follows what. */
    private void notice(LiveConnection connection) {
        Following before = following.getOrDefault(connection, NOTHING);
        connection.followingSince(before.version()).ifPresent(now -> {
            now.questions().forEach(question -> {
                answers.follow(question, now.caller());
                followers.computeIfAbsent(question, q -> new HashSet<>()).add(connection);
            });
            Set<Question> kept = Set.copyOf(now.questions());
            for (Question question : before.questions()) {
                answers.unfollow(question, before.caller());
                if (!kept.contains(question)) {
                    followers.computeIfPresent(question, (q, sockets) -> without(sockets, connection));
                }
            }
            if (now.isOver()) {
                following.remove(connection);
            } else {
                following.put(connection, now);
            }
        });
    }

    private static @org.jspecify.annotations.Nullable Set<LiveConnection> without(
            Set<LiveConnection> sockets, LiveConnection connection) {
        sockets.remove(connection);
        return sockets.isEmpty() ? null : sockets;
    }
}
