package dev.lockstep.session.refresh;

import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What becomes of a session that was to be renewed. */
public sealed interface RenewalOutcome {

    /** The code of a session whose refresh token was traded before, by somebody who had it too. */
    String REUSED = "refresh_reused";

    /** Renewed. Seal this session into the cookie before answering: the old refresh token is spent. */
    record Renewed(SealedSession session, AccessToken token) implements RenewalOutcome {}

    /**
     * Not renewed, but the token still counts. Serve the request, keep the cookie.
     *
     * @param reason a code or one sentence for a log
     * @param refusal WorkOS's own code when it refused, such as {@code sso_required}; null when nobody could say
     */
    record Kept(
            SealedSession session,
            AccessToken token,
            String reason,
            @Nullable String refusal) implements RenewalOutcome {}

    /**
     * WorkOS ended the session. Clear the cookie.
     *
     * @param code WorkOS's own code, such as {@code invalid_grant}, {@code user_mismatch} or {@link #REUSED}
     */
    record Ended(String code) implements RenewalOutcome {}

    /**
     * Nobody can say now. Keep the cookie, answer 503.
     *
     * @param reason one sentence for a log
     * @param retryAfter when to ask again
     */
    record Unavailable(String reason, Duration retryAfter) implements RenewalOutcome {}
}
