package dev.lockstep.workosdouble;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP POST of a webhook, signed as production does or as a fault asks for. */
final class WebhookCall {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookCall.class);
    private static final String WRONG_SECRET = "whsec_of_somebody_else";

    private final HttpClient http;
    private final Duration timeout;

    WebhookCall(HttpClient http, Duration timeout) {
        this.http = http;
        this.timeout = timeout;
    }

    /** Where it goes and what signs it. */
    record Target(URI address, String secret) {
        @Override
        public String toString() {
            return "Target[" + address.getHost() + "]";
        }
    }

    /** Ready to be sent, as often as wanted. */
    HttpRequest prepared(Target target, EventRecord event, Instant signedAt, Fault.@Nullable OfWebhook blemish) {
        byte[] body = Json.write(Wire.webhook(event)).getBytes(StandardCharsets.UTF_8);
        String secret = blemish instanceof Fault.WrongSignature ? WRONG_SECRET : target.secret();
        Instant at = blemish instanceof Fault.Skew skew ? signedAt.plus(skew.by()) : signedAt;
        byte[] sent = blemish instanceof Fault.CutWebhook ? Arrays.copyOf(body, body.length / 2) : body;
        return HttpRequest.newBuilder(target.address())
                .timeout(timeout)
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "WorkOS-Double")
                .header("WorkOS-Signature", WebhookSignature.header(secret, at, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(sent))
                .build();
    }

    /** Whether the receiver took it. */
    boolean accepted(HttpRequest request) {
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 300;
        } catch (IOException e) {
            LOG.debug("A webhook could not be delivered: {}", e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
