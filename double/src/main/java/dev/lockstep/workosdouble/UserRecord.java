package dev.lockstep.workosdouble;

import dev.lockstep.identity.UserId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One user as the double's own WorkOS holds it. Instants have millisecond resolution. */
public record UserRecord(
        UserId id,
        String email,
        @Nullable String firstName,
        @Nullable String lastName,
        boolean emailVerified,
        @Nullable String profilePictureUrl,
        @Nullable String externalId,
        Map<String, String> metadata,
        @Nullable Instant lastSignInAt,
        Instant createdAt,
        Instant updatedAt) {

    public UserRecord {
        metadata = Map.copyOf(metadata);
    }

    /** The name for a page: first and last name, or the e-mail address when there is neither. */
    String displayName() {
        String name = fullName();
        return name.isEmpty() ? email : name;
    }

    /** First and last name, or an empty text. */
    String fullName() {
        return ((firstName == null ? "" : firstName) + " " + (lastName == null ? "" : lastName)).strip();
    }

    UserRecord changed(UserPatch patch, Instant at) {
        return new UserRecord(
                id,
                patch.email() == null ? email : patch.email(),
                patch.firstName().or(firstName),
                patch.lastName().or(lastName),
                patch.emailVerified() == null ? emailVerified : patch.emailVerified(),
                profilePictureUrl,
                patch.externalId().or(externalId),
                patch.metadata() == null ? metadata : patch.metadata(),
                lastSignInAt,
                createdAt,
                at);
    }

    /** Production moves this field without a {@code user.updated} event and without touching {@code updated_at}. */
    UserRecord signedIn(Instant at) {
        return new UserRecord(
                id,
                email,
                firstName,
                lastName,
                emailVerified,
                profilePictureUrl,
                externalId,
                metadata,
                at,
                createdAt,
                updatedAt);
    }

    @Override
    public String toString() {
        return "UserRecord[" + id + "]";
    }
}
