package dev.lockstep.starter;

import dev.lockstep.identity.Caller;
import dev.lockstep.session.RenewalListener;
import dev.lockstep.session.refresh.RenewalOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.dao.DataAccessException;

/**
 * Ends a session everywhere, and records it, when its refresh token comes a second time long after it was traded: two
 * parties hold the cookie, and which one is the thief cannot be told. What the application listens for goes on to it.
 */
final class RefreshReuse implements RenewalListener {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshReuse.class);

    private final EndedSessions ended;
    private final RenewalListener next;

    RefreshReuse(EndedSessions ended, RenewalListener next) {
        this.ended = ended;
        this.next = next;
    }

    @Override
    public void renewed(SealedSession session, AccessToken token) {
        next.renewed(session, token);
    }

    @Override
    public void notRenewed(AccessToken token, String reason, boolean isTransient) {
        LogLine.of("auth.refresh.failed")
                .with("user", token.user())
                .with("session", token.session())
                .with("reason", reason)
                .with("kept", isTransient)
                .write(LOG, isTransient ? Level.WARN : Level.INFO);
        if (reason.equals(RenewalOutcome.REUSED)) {
            end(token);
        }
        next.notRenewed(token, reason, isTransient);
    }

    private void end(AccessToken token) {
        LOG.warn("SESSION_REFRESH_REUSED {} was renewed with a token that had been traded; it ends", token.session());
        try {
            ended.end(
                    token.session(),
                    new EndedSessions.Ending(
                            new Caller.Anonymous(),
                            "auth.refresh.reuse",
                            Map.of("user", token.user().value()),
                            Duration.ZERO));
        } catch (DataAccessException away) {
            LOG.warn(
                    "SESSION_END_LATE the other nodes do not hear of a reused token ({})",
                    away.getClass().getSimpleName());
        }
    }
}
