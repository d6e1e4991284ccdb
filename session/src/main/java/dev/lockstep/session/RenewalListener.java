package dev.lockstep.session;

import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;

/**
 * Hears what becomes of sessions that were due for renewal. Called on the thread of a request, once for every request
 * that waited for the renewal; what it throws is logged and changes nothing.
 */
public interface RenewalListener {
    /** Hears nothing. */
    RenewalListener NONE = new RenewalListener() {};

    /** The session goes on with a new token. */
    default void renewed(SealedSession session, AccessToken token) {}

    /**
     * The session was not renewed.
     *
     * @param token what the old token said
     * @param reason a code or one sentence, without any secret
     * @param isTransient whether a later try may succeed; otherwise the session has ended
     */
    default void notRenewed(AccessToken token, String reason, boolean isTransient) {}
}
