package dev.lockstep.workos.webhook;

import java.nio.charset.StandardCharsets;

/**
 * The signing secret of one webhook endpoint, taken whole: neither its prefix nor its encoding means anything.
 *
 * @param value as WorkOS shows it, never blank
 */
public record WebhookSecret(String value) {
    public WebhookSecret {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a webhook secret is blank; set WORKOS_WEBHOOK_SECRET");
        }
    }

    byte[] key() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "WebhookSecret[redacted]";
    }
}
