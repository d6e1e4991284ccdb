package dev.lockstep.session.token;

import java.time.Duration;

/** What becomes of an access token. */
public sealed interface TokenOutcome {

    /** Genuine and current. */
    record Valid(AccessToken token) implements TokenOutcome {}

    /** Genuine, but its time is over. */
    record Expired(AccessToken token) implements TokenOutcome {}

    /** Never to be believed. */
    record Invalid(TokenFault fault) implements TokenOutcome {}

    /**
     * Nobody can say now: the keys are out of reach. Not the same as invalid.
     *
     * @param reason one sentence for a log, without any secret
     * @param retryAfter when to ask again
     */
    record CannotVerify(String reason, Duration retryAfter) implements TokenOutcome {}
}
