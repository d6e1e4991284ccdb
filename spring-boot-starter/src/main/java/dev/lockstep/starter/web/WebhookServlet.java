package dev.lockstep.starter.web;

import dev.lockstep.starter.Signals;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.Receipt;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.workos.webhook.WebhookSignature;
import dev.lockstep.workos.webhook.WebhookVerdict;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * The webhook mouth: raw bytes under a limit, signature, inbox, commit, 200. It parses nothing. Trouble of our own is
 * 503, so that WorkOS sends the event again; content is never a reason to refuse signed bytes.
 */
final class WebhookServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(WebhookServlet.class);

    private static final Pattern JSON_TYPE =
            Pattern.compile("application/json(\\s*;\\s*charset=\"?utf-8\"?)?", Pattern.CASE_INSENSITIVE);

    private final transient WebhookSignature signature;
    private final transient Inbox inbox;
    private final transient JsonMapper json;
    private final transient Signals signals;
    private final int maxBody;

    WebhookServlet(WebhookSignature signature, Inbox inbox, JsonMapper json, Signals signals, int maxBody) {
        this.signature = signature;
        this.inbox = inbox;
        this.json = json;
        this.signals = signals;
        this.maxBody = maxBody;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isPlainJson(request)) {
            signals.webhooks().count(Signals.Webhook.NOT_JSON);
            refuse(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "WEBHOOK_NOT_JSON", "Send application/json.", request, response);
            return;
        }
        byte[] body = read(request);
        if (body.length > maxBody) {
            signals.webhooks().count(Signals.Webhook.TOO_LARGE);
            refuse(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "WEBHOOK_TOO_LARGE",
                    "The body is larger than " + maxBody + " bytes, the limit (lockstep.webhook.max-body).",
                    request,
                    response);
            return;
        }
        List<String> headers = Collections.list(request.getHeaders(WebhookSignature.HEADER));
        switch (signature.verify(body, headers)) {
            case WebhookVerdict.Verified ignored -> store(body, request, response);
            case WebhookVerdict.Rejected rejected -> {
                signals.webhooks().count(Signals.Webhook.REJECTED);
                signals.rejections().count(rejected.reason());
                LOG.warn("webhook.rejected reason={} ref={}", rejected.reason(), Ref.of(request));
                refuse(
                        HttpStatus.UNAUTHORIZED,
                        "WEBHOOK_SIGNATURE_INVALID",
                        "The signature does not fit. Check the signing secret and the clocks; the reason is in the log.",
                        request,
                        response);
            }
        }
    }

    private void store(byte[] body, HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            Receipt receipt = inbox.receive(body, Source.WEBHOOK);
            signals.webhooks()
                    .count(
                            switch (receipt) {
                                case Receipt.Stored ignored -> Signals.Webhook.STORED;
                                case Receipt.Duplicate ignored -> Signals.Webhook.DUPLICATE;
                                case Receipt.Conflict ignored -> Signals.Webhook.CONFLICT;
                            });
            response.setStatus(HttpServletResponse.SC_OK);
            response.setContentType("application/json");
            String answer = switch (receipt) {
                case Receipt.Stored ignored -> "{\"received\":true}";
                case Receipt.Duplicate ignored -> "{\"received\":true,\"duplicate\":true}";
                case Receipt.Conflict ignored -> "{\"received\":true,\"conflict\":true}";
            };
            response.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        } catch (SyncProblem cannotStore) {
            signals.webhooks().count(Signals.Webhook.NOT_STORED);
            LOG.warn("webhook.not-stored code={} ref={}", cannotStore.code(), Ref.of(request));
            refuse(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "STORE_UNAVAILABLE",
                    "The event could not be stored right now. Send it again later.",
                    request,
                    response);
        }
    }

    /** JSON is UTF-8 by its own definition: other character sets and packed bodies are not what was signed. */
    private static boolean isPlainJson(HttpServletRequest request) {
        String encoding = request.getHeader("Content-Encoding");
        String type = request.getContentType();
        return (encoding == null || encoding.equalsIgnoreCase("identity"))
                && (type == null || JSON_TYPE.matcher(type.strip()).matches());
    }

    /** Reads at most one byte more than the limit, which is how one sees that there is more. */
    private byte[] read(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > maxBody) {
            return new byte[maxBody + 1];
        }
        try (InputStream in = request.getInputStream()) {
            return in.readNBytes(maxBody + 1);
        }
    }

    private void refuse(
            HttpStatus status, String code, String detail, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        new Problem(status, code, detail).write(request, response, json);
    }
}
