package dev.lockstep.session.refresh;

import dev.lockstep.identity.OrganizationId;
import org.jspecify.annotations.Nullable;

/** Asks WorkOS for a new pair of tokens. A port: the HTTP call is made elsewhere, with a timeout of its own. */
@FunctionalInterface
public interface TokenRefresh {

    /**
     * Spends a refresh token once. Failures are answers, not exceptions: whatever is not a clear refusal by WorkOS is
     * {@link RefreshOutcome.Transient}, our own bad API key, an HTML error page and a timeout included.
     *
     * @param refreshToken the one-time token
     * @param organization the organization the new token is for, or null for the session's default
     */
    RefreshOutcome refresh(String refreshToken, @Nullable OrganizationId organization);
}
