package dev.lockstep.workos.webhook;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Sends events the way WorkOS does: signed, as JSON, by POST. For trying an endpoint out and for handing recorded events
 * on; it repeats nothing. Safe for all threads.
 */
public final class WebhookPost implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpClient http;
    private final WebhookSecret secret;
    private final InstantSource clock;

    private WebhookPost(HttpClient http, WebhookSecret secret, InstantSource clock) {
        this.http = http;
        this.secret = secret;
        this.clock = clock;
    }

    /** Opens a sender that signs with the secret, at the time of the clock. */
    public static WebhookPost open(WebhookSecret secret, InstantSource clock) {
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return new WebhookPost(http, secret, clock);
    }

    /** What came of a delivery. */
    public sealed interface Outcome {
        /** The endpoint answered; 2xx means that it has the event. */
        record Answered(int status) implements Outcome {
            /** Whether the event counts as delivered. */
            public boolean delivered() {
                return status >= 200 && status < 300;
            }
        }

        /** There was no answer. */
        record Silent(String reason) implements Outcome {}
    }

    /**
     * Delivers one event.
     *
     * @param url http or https
     * @param body the bytes, signed and sent as they are
     */
    public Outcome send(URI url, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header(WebhookSignature.HEADER, WebhookSignature.sign(secret, clock.instant(), body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            return new Outcome.Answered(
                    http.send(request, BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            return new Outcome.Silent(e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Silent("interrupted");
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
