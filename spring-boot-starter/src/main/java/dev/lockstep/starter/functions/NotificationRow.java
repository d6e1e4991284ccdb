package dev.lockstep.starter.functions;

import java.time.Instant;
import java.util.UUID;

/** One of the caller's notifications. */
public record NotificationRow(UUID id, String subject, String message, Instant createdAt, boolean read) {}
