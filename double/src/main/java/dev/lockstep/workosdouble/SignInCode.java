package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One authorization code on its way from the login page to the token call; single use. */
record SignInCode(
        String code,
        UserId user,
        @Nullable OrganizationId organization,
        @Nullable String challenge,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        Instant expiresAt) {

    @Override
    public String toString() {
        return "SignInCode[redacted]";
    }
}
