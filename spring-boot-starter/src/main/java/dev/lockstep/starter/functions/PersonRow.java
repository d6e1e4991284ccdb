package dev.lockstep.starter.functions;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's row, what WorkOS says beside what the application does, without what only they may see.
 *
 * @param accountId null until the account has been made, which a first sign-in does
 * @param updatedAt by the clock of WorkOS
 */
public record PersonRow(
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
        SyncedBy syncedBy) {}
