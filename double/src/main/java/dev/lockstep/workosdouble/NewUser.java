package dev.lockstep.workosdouble;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to create a user.
 *
 * @param email not blank; WorkOS compares addresses without regard to case
 */
public record NewUser(
        String email,
        @Nullable String firstName,
        @Nullable String lastName,
        boolean emailVerified,
        @Nullable String profilePictureUrl,
        @Nullable String externalId,
        Map<String, String> metadata) {

    public NewUser {
        if (email.isBlank()) {
            throw new IllegalArgumentException("the e-mail address of a new user is blank");
        }
        metadata = Map.copyOf(metadata);
    }

    /** A user with a verified address and a name, which is what most tests want. */
    public static NewUser named(String email, String firstName, String lastName) {
        return new NewUser(email, firstName, lastName, true, null, null, Map.of());
    }

    @Override
    public String toString() {
        return "NewUser[redacted]";
    }
}
