package dev.lockstep.session.refresh;

import dev.lockstep.session.AuthenticationResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What WorkOS answered to a refresh token. */
public sealed interface RefreshOutcome {

    /** A new pair; the old refresh token is spent. */
    record Refreshed(AuthenticationResult result) implements RefreshOutcome {}

    /**
     * WorkOS will not renew this session.
     *
     * @param code {@code invalid_grant}, {@code sso_required} or {@code mfa_enrollment}
     */
    record Terminal(String code) implements RefreshOutcome {}

    /**
     * WorkOS will not do what was asked, which says nothing about the session: it may not go into that organization, for
     * example.
     *
     * @param code WorkOS's own code
     */
    record Declined(String code) implements RefreshOutcome {}

    /**
     * No answer that decides anything.
     *
     * @param reason one sentence for a log, without any secret
     * @param retryAfter how long the other side asked us to wait, or null
     */
    record Transient(String reason, @Nullable Duration retryAfter) implements RefreshOutcome {}
}
