package dev.lockstep.starter;

import dev.lockstep.audit.Audit;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.session.Revocations;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions: on this node at once, on the others through the change feed, at WorkOS by {@link SessionRevoker}, which
 * tries until it has told it. Thread-safe.
 */
public final class EndedSessions {
    private static final String END = """
            INSERT INTO lockstep.ended_session (session_id) VALUES (:session) ON CONFLICT DO NOTHING
            """;
    private static final String TELL = """
            INSERT INTO lockstep.session_to_revoke (session_id, tell_at)
            VALUES (:session, clock_timestamp() + make_interval(secs => :seconds))
            ON CONFLICT (session_id) DO UPDATE SET tell_at = least(session_to_revoke.tell_at, excluded.tell_at)
            """;
    private static final String FORGET = "DELETE FROM lockstep.stored_session WHERE session_id = :session";

    private final Revocations revocations;
    private final Consumer<Predicate<Caller.SignedIn>> sockets;
    private final Database database;
    private final @Nullable Audit audit;
    private final Runnable committed;

    /**
     * @param sockets closes the sockets whose caller matches
     * @param audit where to record who ended what, or null
     * @param committed called when there is something to tell WorkOS
     */
    public EndedSessions(
            Revocations revocations,
            Consumer<Predicate<Caller.SignedIn>> sockets,
            Database database,
            @Nullable Audit audit,
            Runnable committed) {
        this.committed = committed;
        this.revocations = revocations;
        this.sockets = sockets;
        this.database = database;
        this.audit = audit;
    }

    /**
     * Why sessions end.
     *
     * @param by who ends them
     * @param action as the audit log names it
     * @param details for the audit log: ids and fixed words only
     * @param tellWorkOsAfter how long to leave it to the browser to end the session there
     */
    public record Ending(Caller by, String action, Map<String, String> details, Duration tellWorkOsAfter) {
        public Ending {
            details = Map.copyOf(details);
        }
    }

    /**
     * Ends the sessions; ending one twice changes nothing.
     *
     * @throws org.springframework.dao.DataAccessException when the other nodes cannot be told; on this node they have
     *     ended all the same
     */
    public void end(Collection<SessionId> sessions, Ending ending) {
        if (sessions.isEmpty()) {
            return;
        }
        sessions.forEach(revocations::revokeSession);
        Set<SessionId> ended = Set.copyOf(sessions);
        sockets.accept(caller -> ended.contains(caller.session()));
        database.write(tx -> {
            ended.forEach(session -> write(tx, session, ending));
            return ended.size();
        });
        committed.run();
    }

    /** Ends one session. */
    public void end(SessionId session, Ending ending) {
        end(List.of(session), ending);
    }

    private void write(Tx tx, SessionId session, Ending ending) {
        boolean first = tx.sql(END).param("session", session.value()).update() == 1;
        tx.sql(FORGET).param("session", session.value()).update();
        tx.sql(TELL)
                .param("session", session.value())
                .param("seconds", ending.tellWorkOsAfter().toMillis() / 1000.0)
                .update();
        if (first && audit != null) {
            audit.record(
                    tx, AuditEvent.by(ending.by(), ending.action(), "session:" + session.value(), ending.details()));
        }
    }
}
