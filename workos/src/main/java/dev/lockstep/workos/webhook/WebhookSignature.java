package dev.lockstep.workos.webhook;

import dev.lockstep.workos.webhook.WebhookVerdict.Reason;
import dev.lockstep.workos.webhook.WebhookVerdict.Rejected;
import dev.lockstep.workos.webhook.WebhookVerdict.Verified;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks webhook signatures over the raw bytes of the body, before anybody parses them. Several secrets may be live at
 * once, so that one can be changed without losing an event. Immutable and safe for all threads; replays within the
 * tolerance are not its job but the inbox's.
 */
public final class WebhookSignature {
    /** The name of the header that carries the signature. */
    public static final String HEADER = "WorkOS-Signature";

    /** How far the time of signing may be from now, both ways, unless said otherwise. */
    public static final Duration DEFAULT_TOLERANCE = Duration.ofMinutes(3);

    private static final String ALGORITHM = "HmacSHA256";

    private final List<WebhookSecret> secrets;
    private final Duration tolerance;
    private final InstantSource clock;

    /**
     * Makes a verifier with {@link #DEFAULT_TOLERANCE}.
     *
     * @param secrets at least one
     */
    public WebhookSignature(List<WebhookSecret> secrets, InstantSource clock) {
        this(secrets, DEFAULT_TOLERANCE, clock);
    }

    /**
     * Makes a verifier.
     *
     * @param secrets at least one
     * @param tolerance positive; wider than a few minutes makes replays easier, so leave it unless retries of WorkOS
     *     turn out to keep their first time
     */
    public WebhookSignature(List<WebhookSecret> secrets, Duration tolerance, InstantSource clock) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("no webhook secret is given; set WORKOS_WEBHOOK_SECRET");
        }
        if (tolerance.isNegative() || tolerance.isZero()) {
            throw new IllegalArgumentException("the webhook tolerance must be positive, it is " + tolerance);
        }
        this.secrets = List.copyOf(secrets);
        this.tolerance = tolerance;
        this.clock = clock;
    }

    /** Returns the header value with which WorkOS would sign these bytes at this time. */
    public static String sign(WebhookSecret secret, Instant at, byte[] body) {
        String time = Long.toString(at.toEpochMilli());
        byte[] prefix = (time + ".").getBytes(StandardCharsets.US_ASCII);
        return "t=" + time + ", v1=" + HexFormat.of().formatHex(hmac(secret, prefix, body));
    }

    /**
     * Checks one webhook.
     *
     * @param body the bytes exactly as they came
     * @param headers every value of the header {@link #HEADER} on the request, normally one
     */
    public WebhookVerdict verify(byte[] body, List<String> headers) {
        if (headers.isEmpty()) {
            return new Rejected(Reason.HEADER_MISSING);
        }
        return headers.size() == 1 ? verify(body, headers.getFirst()) : new Rejected(Reason.HEADER_REPEATED);
    }

    private WebhookVerdict verify(byte[] body, String text) {
        if (text.isBlank()) {
            return new Rejected(Reason.HEADER_MISSING);
        }
        Optional<SignatureHeader> header = SignatureHeader.parse(text);
        if (header.isEmpty()) {
            return new Rejected(Reason.HEADER_MALFORMED);
        }
        Instant signedAt = Instant.ofEpochMilli(header.get().epochMillis());
        Instant now = clock.instant();
        if (signedAt.isBefore(now.minus(tolerance))) {
            return new Rejected(Reason.TOO_OLD);
        }
        if (signedAt.isAfter(now.plus(tolerance))) {
            return new Rejected(Reason.IN_THE_FUTURE);
        }
        return matches(body, header.get()) ? new Verified(signedAt) : new Rejected(Reason.NO_MATCH);
    }

    /** Compares every signature with every secret, without stopping at a hit, so that timing tells nothing. */
    private boolean matches(byte[] body, SignatureHeader header) {
        byte[] prefix = (header.time() + ".").getBytes(StandardCharsets.US_ASCII);
        boolean found = false;
        for (WebhookSecret secret : secrets) {
            byte[] expected = hmac(secret, prefix, body);
            for (byte[] candidate : header.signatures()) {
                found |= MessageDigest.isEqual(expected, candidate);
            }
        }
        return found;
    }

    private static byte[] hmac(WebhookSecret secret, byte[] prefix, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.key(), ALGORITHM));
            mac.update(prefix);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no " + ALGORITHM, e);
        }
    }
}
