package dev.lockstep.workos.webhook;

import dev.lockstep.workos.event.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Feeds the webhook mouth: no header that was made up is a signature, and no body, signed or not, makes it throw. */
public final class WebhookFuzz {
    private static final WebhookSecret SECRET = new WebhookSecret("whsec_of_the_fuzzer");
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final WebhookSignature SIGNATURE = new WebhookSignature(List.of(SECRET), () -> NOW);
    private static final EventDecoder DECODER = new EventDecoder();

    private WebhookFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String header = new String(data, StandardCharsets.ISO_8859_1);
        refused(SIGNATURE.verify(data, List.of(header)));
        refused(SIGNATURE.verify(data, List.of("t=" + NOW.toEpochMilli() + ", v1=" + header)));
        refused(SIGNATURE.verify(data, List.of(header, header)));
        DECODER.decode(data);
    }

    private static void refused(WebhookVerdict verdict) {
        if (verdict instanceof WebhookVerdict.Verified) {
            throw new IllegalStateException("a signature that nobody made was believed");
        }
    }
}
