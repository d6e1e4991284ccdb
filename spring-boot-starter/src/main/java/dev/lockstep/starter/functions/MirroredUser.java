package dev.lockstep.starter.functions;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The caller's own row.
 *
 * @param organization the one the session is in, if they are its member
 * @param membership in that organization
 */
public record MirroredUser(
        String workosUserId,
        @Nullable UUID accountId,
        String email,
        @Nullable String firstName,
        @Nullable String lastName,
        String displayName,
        @Nullable String profilePictureUrl,
        boolean emailVerified,
        @Nullable String bio,
        String timezone,
        @Nullable String usertag,
        @Nullable Instant updatedAt,
        SyncedBy syncedBy,
        @Nullable OwnOrganization organization,
        @Nullable OwnMembership membership) {

    /** An organization by name. */
    public record OwnOrganization(String id, String name) {}

    /** What the caller is in it. */
    public record OwnMembership(String id, String status, List<String> roles) {}

    static MirroredUser of(PersonRow row, @Nullable OwnOrganization organization, @Nullable OwnMembership membership) {
        return new MirroredUser(
                row.workosUserId(),
                row.accountId(),
                row.email(),
                row.firstName(),
                row.lastName(),
                row.displayName(),
                row.profilePictureUrl(),
                row.emailVerified(),
                row.bio(),
                row.timezone(),
                row.usertag(),
                row.updatedAt(),
                row.syncedBy(),
                organization,
                membership);
    }
}
