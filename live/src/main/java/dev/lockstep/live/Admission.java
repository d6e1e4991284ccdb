package dev.lockstep.live;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.live.connection.LiveConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Decides which sockets find a place; those that are there keep theirs. Thread-safe. */
final class Admission {
    private final LiveSettings.Crowd crowd;
    private final Map<LiveConnection, SessionId> sessions = new ConcurrentHashMap<>();
    private final Map<SessionId, Integer> sockets = new ConcurrentHashMap<>();
    /** Sockets that have been shown nothing yet; counted anew by {@link #recount}. */
    private final AtomicLong opening = new AtomicLong();

    private final AtomicLong refused = new AtomicLong();

    Admission(LiveSettings.Crowd crowd) {
        this.crowd = crowd;
    }

    /** Asked for a fresh socket, before anything is known of it. */
    boolean mayOpen(int open) {
        if (open >= crowd.sockets() || opening.incrementAndGet() > crowd.opening()) {
            refused.incrementAndGet();
            return false;
        }
        return true;
    }

    void recount(long stillOpening) {
        opening.set(stillOpening);
    }

    /** Asked when a socket has proved for whom it speaks. */
    boolean maySpeak(LiveConnection connection, Caller caller) {
        if (!(caller instanceof Caller.SignedIn person)) {
            left(connection);
            return true;
        }
        if (person.session().equals(sessions.get(connection))) {
            return true;
        }
        left(connection);
        if (sockets.merge(person.session(), 1, Integer::sum) > crowd.socketsPerSession()) {
            release(person.session());
            refused.incrementAndGet();
            return false;
        }
        sessions.put(connection, person.session());
        return true;
    }

    /** The socket is gone, or speaks for nobody any more. */
    void left(LiveConnection connection) {
        SessionId session = sessions.remove(connection);
        if (session != null) {
            release(session);
        }
    }

    private void release(SessionId session) {
        sockets.computeIfPresent(session, (s, count) -> count == 1 ? null : count - 1);
    }

    long refused() {
        return refused.get();
    }
}
