package dev.lockstep.starter.web;

import dev.lockstep.starter.Signals;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.Receipt;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.workos.webhook.WebhookSignature;
import dev.lockstep.workos.webhook.WebhookVerdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * The webhook mouth, without any container: raw bytes under a limit, signature, inbox, commit, 200. Trouble of our own
 * is 503, so that WorkOS sends the event again; content is never a reason to refuse signed bytes. Thread-safe.
 */
final class WebhookMouth {
    /** Where WorkOS delivers, the older address last. */
    static final List<String> PATHS = List.of("/api/webhooks/workos", "/webhooks/workos");

    private static final Logger LOG = LoggerFactory.getLogger(WebhookMouth.class);
    private static final Pattern JSON_TYPE =
            Pattern.compile("application/json(\\s*;\\s*charset=\"?utf-8\"?)?", Pattern.CASE_INSENSITIVE);
    /** A length that is taken at its word when room is made. */
    private static final int SMALL = 16_384;

    private static final Answer STORED = taken("{\"received\":true}");
    private static final Answer DUPLICATE = taken("{\"received\":true,\"duplicate\":true}");
    private static final Answer CONFLICT = taken("{\"received\":true,\"conflict\":true}");

    private final WebhookSignature signature;
    private final Inbox inbox;
    private final JsonMapper json;
    private final Signals signals;
    private final int maxBody;
    private final WebhookSenders senders;

    WebhookMouth(
            WebhookSignature signature,
            Inbox inbox,
            JsonMapper json,
            Signals signals,
            int maxBody,
            WebhookSenders senders) {
        this.signature = signature;
        this.inbox = inbox;
        this.json = json;
        this.signals = signals;
        this.maxBody = maxBody;
        this.senders = senders;
    }

    /** What the mouth wants to know of a POST; each part is asked for at most once. */
    interface Post {
        String path();

        /** The address of the other end of the connection. */
        String peer();

        /** The value of a header that comes once, or null. */
        @Nullable
        String header(String name);

        List<String> headers(String name);

        /** The length that was announced, or -1. */
        long length();

        InputStream body() throws IOException;
    }

    /**
     * What to answer.
     *
     * @param refused whether it is an error, which nobody may keep
     * @param retryAfter whether the sender should come back in a few seconds
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier; never compared, never changed
    record Answer(int status, String type, byte[] body, boolean refused, boolean retryAfter) {}

    /**
     * Takes one webhook; returns when it is on disk or refused.
     *
     * @throws IOException when the body cannot be read; there is nobody to answer then
     */
    Answer take(Post post) throws IOException {
        if (!senders.allow(post)) {
            signals.webhooks().count(Signals.Webhook.NOT_ALLOWED);
            return refuse(
                    HttpStatus.FORBIDDEN,
                    "WEBHOOK_SENDER_NOT_ALLOWED",
                    "This address may not send webhooks (lockstep.webhook.allowed-addresses).",
                    post);
        }
        if (!isPlainJson(post)) {
            signals.webhooks().count(Signals.Webhook.NOT_JSON);
            return refuse(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "WEBHOOK_NOT_JSON", "Send application/json.", post);
        }
        byte[] body = read(post);
        if (body.length > maxBody) {
            signals.webhooks().count(Signals.Webhook.TOO_LARGE);
            return refuse(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "WEBHOOK_TOO_LARGE",
                    "The body is larger than " + maxBody + " bytes, the limit (lockstep.webhook.max-body).",
                    post);
        }
        return switch (signature.verify(body, post.headers(WebhookSignature.HEADER))) {
            case WebhookVerdict.Verified ignored -> store(body, post);
            case WebhookVerdict.Rejected rejected -> {
                signals.webhooks().count(Signals.Webhook.REJECTED);
                signals.rejections().count(rejected.reason());
                String ref = ref();
                LOG.warn("webhook.rejected reason={} ref={}", rejected.reason(), ref);
                yield refuse(
                        HttpStatus.UNAUTHORIZED,
                        "WEBHOOK_SIGNATURE_INVALID",
                        "The signature does not fit. Check the signing secret and the clocks; the reason is in the log.",
                        post,
                        ref);
            }
        };
    }

    private Answer store(byte[] body, Post post) {
        try {
            return switch (inbox.receive(body, Source.WEBHOOK)) {
                case Receipt.Stored ignored -> counted(Signals.Webhook.STORED, STORED);
                case Receipt.Duplicate ignored -> counted(Signals.Webhook.DUPLICATE, DUPLICATE);
                case Receipt.Conflict ignored -> counted(Signals.Webhook.CONFLICT, CONFLICT);
            };
        } catch (SyncProblem cannotStore) {
            signals.webhooks().count(Signals.Webhook.NOT_STORED);
            String ref = ref();
            LOG.warn("webhook.not-stored code={} ref={}", cannotStore.code(), ref);
            return refuse(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "STORE_UNAVAILABLE",
                    "The event could not be stored right now. Send it again later.",
                    post,
                    ref);
        }
    }

    private Answer counted(Signals.Webhook outcome, Answer answer) {
        signals.webhooks().count(outcome);
        return answer;
    }

    /** JSON is UTF-8 by its own definition: other character sets and packed bodies are not what was signed. */
    private static boolean isPlainJson(Post post) {
        String encoding = post.header("Content-Encoding");
        String type = post.header("Content-Type");
        return (encoding == null || encoding.equalsIgnoreCase("identity"))
                && (type == null
                        || type.equals("application/json")
                        || JSON_TYPE.matcher(type.strip()).matches());
    }

    /**
     * Keeps at most one byte more than the limit, which is how one sees that there is more. Whoever goes beyond is heard
     * out for as much again, or it would see a broken connection instead of the answer.
     */
    private byte[] read(Post post) throws IOException {
        long length = post.length();
        try (InputStream in = post.body()) {
            if (length < 0 || length > SMALL) {
                byte[] body = in.readNBytes(maxBody + 1);
                if (body.length > maxBody) {
                    long unused = in.skip(maxBody);
                }
                return body;
            }
            byte[] exact = new byte[(int) length];
            int read = in.readNBytes(exact, 0, exact.length);
            return read == exact.length ? exact : java.util.Arrays.copyOf(exact, read);
        }
    }

    private Answer refuse(HttpStatus status, String code, String detail, Post post) {
        return refuse(status, code, detail, post, ref());
    }

    private Answer refuse(HttpStatus status, String code, String detail, Post post, String ref) {
        String signIn = status == HttpStatus.UNAUTHORIZED ? "/api/auth/login" : null;
        byte[] body = json.writeValueAsBytes(new Problem(status, code, detail).body(post.path(), ref, signIn));
        boolean later = status == HttpStatus.SERVICE_UNAVAILABLE;
        return new Answer(status.value(), Problem.MEDIA_TYPE, body, true, later);
    }

    private static String ref() {
        return HexFormat.of().toHexDigits(UUID.randomUUID().getMostSignificantBits());
    }

    private static Answer taken(String body) {
        return new Answer(200, "application/json", body.getBytes(StandardCharsets.UTF_8), false, false);
    }
}
