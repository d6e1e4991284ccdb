package dev.lockstep.starter.functions;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One of the caller's sessions.
 *
 * @param current whether it is the one that asks
 * @param lastSeenAt to within minutes; null until it was written once
 */
public record SessionRow(
        String id,
        boolean current,
        @Nullable String authMethod,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        @Nullable String status,
        @Nullable Instant createdAt,
        @Nullable Instant lastSeenAt,
        @Nullable Instant expiresAt) {}
