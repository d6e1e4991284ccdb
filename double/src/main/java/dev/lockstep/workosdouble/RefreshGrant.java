package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One refresh token. It is exchanged once; within the grace the same successor is handed out again, after it never.
 *
 * @param exchange null until it was exchanged, then the pair that replaced it
 */
record RefreshGrant(
        String token, SessionId session, @Nullable Exchange exchange) {

    record Exchange(
            Instant at,
            String accessToken,
            String refreshToken,
            @Nullable OrganizationId organization) {}

    @Override
    public String toString() {
        return "RefreshGrant[redacted]";
    }
}
