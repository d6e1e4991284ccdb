package dev.lockstep.session;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import java.time.Duration;

/** What the session cookie of one request is worth. */
public sealed interface SessionOutcome {

    /**
     * Signed in.
     *
     * @param session what the cookie holds
     * @param token what its access token says
     * @param sealedWithOldKey whether to write the cookie again under the current key
     */
    record Valid(SealedSession session, AccessToken token, boolean sealedWithOldKey) implements SessionOutcome {

        /** Returns who this request speaks for; the cookie knows an impersonator's reason, the token does not. */
        public Caller.SignedIn caller() {
            return callerOf(session, token);
        }
    }

    /**
     * The access token is over, or nearly, and there is a refresh token to renew it with.
     *
     * @param session what the cookie holds
     * @param token what its access token said; only the seal vouches for it when it is no longer valid
     * @param tokenStillValid whether the request may be served with it if renewing fails
     */
    record NeedsRefresh(SealedSession session, AccessToken token, boolean tokenStillValid) implements SessionOutcome {}

    /** It was a session once. Clear the cookie. */
    record Expired() implements SessionOutcome {}

    /**
     * Not a session of ours. Clear the cookie, call nobody.
     *
     * @param reason a stable label for counting, such as {@code seal.integrity}
     */
    record Tampered(String reason) implements SessionOutcome {}

    /** It has been ended elsewhere. Clear the cookie. */
    record Revoked(SessionId session) implements SessionOutcome {}

    /** There is no session cookie. */
    record Absent() implements SessionOutcome {}

    /**
     * Nobody can say now. Keep the cookie, answer 503.
     *
     * @param reason one sentence for a log
     * @param retryAfter when to ask again
     */
    record CannotVerify(String reason, Duration retryAfter) implements SessionOutcome {}

    /** Returns who a proven session speaks for. */
    static Caller.SignedIn callerOf(SealedSession session, AccessToken token) {
        Caller.SignedIn caller = token.caller();
        return session.impersonator() == null
                ? caller
                : new Caller.SignedIn(
                        caller.user(),
                        caller.session(),
                        caller.organizationId(),
                        caller.roles(),
                        caller.permissions(),
                        session.impersonator());
    }
}
