package dev.lockstep.starter;

import dev.lockstep.identity.SessionId;
import dev.lockstep.store.Database;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.authentication.SessionsApi;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Tells WorkOS of sessions that were ended here, in a thread of its own, until it knows: with growing pauses through an
 * outage, and not for ever. Any number of nodes share the work.
 */
final class SessionRevoker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRevoker.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_ATTEMPTS = 20;
    private static final int BATCH = 20;
    private static final int PRUNE_EVERY = 3_600;

    private static final String TAKE = """
            UPDATE lockstep.session_to_revoke
            SET attempts = attempts + 1,
              tell_at = clock_timestamp() + make_interval(secs => least(3600, 5 * power(2, attempts)))
            WHERE session_id IN (
              SELECT session_id FROM lockstep.session_to_revoke
              WHERE tell_at <= clock_timestamp() AND attempts < :attempts ORDER BY tell_at LIMIT :batch
              FOR UPDATE SKIP LOCKED)
            RETURNING session_id, attempts
            """;
    private static final String TOLD = "DELETE FROM lockstep.session_to_revoke WHERE session_id = :session";
    private static final String PRUNE_ENDED =
            "DELETE FROM lockstep.ended_session WHERE ended_at < clock_timestamp() - interval '2 days'";
    private static final String PRUNE_SEEN =
            "DELETE FROM lockstep.session_seen WHERE seen_at < clock_timestamp() - interval '90 days'";
    private static final String PRUNE_TO_REVOKE =
            "DELETE FROM lockstep.session_to_revoke WHERE tell_at < clock_timestamp() - interval '30 days'";

    private final Database database;
    private final SessionsApi sessions;
    private final Semaphore bell = new Semaphore(0);
    private volatile boolean closed;
    private @Nullable Thread thread;
    private int rounds;

    SessionRevoker(Database database, SessionsApi sessions) {
        this.database = database;
        this.sessions = sessions;
    }

    private record Due(SessionId session, int attempt) {}

    void start() {
        thread = Thread.ofVirtual().name("lockstep-session-revoker").start(this::run);
    }

    /** Says that there is something to tell; does not wait for it. */
    void ring() {
        bell.release();
    }

    private void run() {
        try {
            while (!closed) {
                if (bell.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                    bell.drainPermits();
                }
                safely();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void safely() {
        try {
            round();
        } catch (DataAccessException away) {
            LOG.debug(
                    "sessions to revoke cannot be read now: {}", away.getClass().getSimpleName());
        } catch (RuntimeException broken) {
            LOG.error("a round of telling WorkOS of ended sessions failed; the next one follows", broken);
        }
    }

    /** Tells WorkOS of what is due and returns how many it now knows of. */
    int round() {
        if (rounds++ % PRUNE_EVERY == 0) {
            prune();
        }
        List<Due> due = database.write(tx -> tx.sql(TAKE)
                .param("attempts", MOST_ATTEMPTS)
                .param("batch", BATCH)
                .query((row, n) -> new Due(new SessionId(row.getString(1)), row.getInt(2)))
                .list());
        int told = 0;
        for (Due each : due) {
            told += tell(each) ? 1 : 0;
        }
        return told;
    }

    private boolean tell(Due due) {
        try {
            sessions.revoke(due.session());
        } catch (WorkOsException failure) {
            if (due.attempt() == MOST_ATTEMPTS) {
                LOG.error(
                        "SESSION_REVOKE_GIVEN_UP WorkOS was not told that {} has ended, after {} attempts ({})",
                        due.session(),
                        due.attempt(),
                        failure.problem().code());
            }
            return false;
        }
        database.write(
                tx -> tx.sql(TOLD).param("session", due.session().value()).update());
        return true;
    }

    private void prune() {
        database.write(tx -> tx.sql(PRUNE_ENDED).update()
                + tx.sql(PRUNE_SEEN).update()
                + tx.sql(PRUNE_TO_REVOKE).update());
    }

    @Override
    public void close() {
        closed = true;
        bell.release();
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
