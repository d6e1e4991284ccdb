package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import org.jspecify.annotations.Nullable;

/** The outcome of a sign-in or refresh: the tokens a client would hold. */
public record SignedIn(
        UserId user,
        SessionId session,
        @Nullable OrganizationId organization,
        String accessToken,
        String refreshToken,
        String authMethod) {

    @Override
    public String toString() {
        return "SignedIn[" + session + ", tokens redacted]";
    }
}
