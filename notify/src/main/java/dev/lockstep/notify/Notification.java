package dev.lockstep.notify;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message for one person that has not been stored yet.
 *
 * @param to who reads it
 * @param organizationId what it is about, or null
 * @param channel the way
 * @param subject one line
 * @param message the text, plain
 * @param metadata ids for whoever shows it; no secrets
 * @param dedupeKey the same event for the same reader has the same key, and is stored once for ever
 */
public record Notification(
        UserId to,
        @Nullable OrganizationId organizationId,
        ChannelKind channel,
        String subject,
        String message,
        Map<String, String> metadata,
        String dedupeKey) {

    public Notification {
        if (subject.isBlank() || message.isBlank() || dedupeKey.isBlank()) {
            throw new IllegalArgumentException("A notification has a subject, a message and a dedupe key.");
        }
        metadata = Map.copyOf(metadata);
    }

    @Override
    public String toString() {
        return "Notification[" + channel + " " + dedupeKey + "]";
    }
}
