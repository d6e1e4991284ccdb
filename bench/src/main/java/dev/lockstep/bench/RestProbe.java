package dev.lockstep.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks a server for an answer over HTTP twenty times a second, one call after the other, each on the server's ordinary way
 * through the database, and notes how long it takes: what somebody who signs in feels of whatever else goes on.
 */
final class RestProbe {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int WARMING = 20;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI address;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Latencies answers = new Latencies();
    private final Thread thread;
    private long slowestAt;
    private long slowest;
    private int failures;

    /** Asks a few times what lives on the port now, so that the asking itself is warm; counts nothing yet. */
    RestProbe(int port) throws IOException {
        this.address = URI.create("http://127.0.0.1:" + port + "/api/query");
        this.thread = Thread.ofPlatform().name("rest-probe").unstarted(this::ask);
        try {
            for (int i = 0; i < WARMING; i++) {
                http.send(call(i), HttpResponse.BodyHandlers.ofString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void start() {
        thread.start();
    }

    private HttpRequest call(int row) {
        return HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"path":"bench:row","format":"json","args":[{"id":"row%d"}]}""".formatted(row)))
                .build();
    }

    private void ask() {
        long started = System.nanoTime();
        for (int i = 0; !over.get(); i++) {
            long began = System.nanoTime();
            try {
                if (http.send(call(i), HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
                    long took = System.nanoTime() - began;
                    answers.add(took);
                    if (took > slowest) {
                        slowest = took;
                        slowestAt = began - started;
                    }
                } else {
                    failures++;
                }
            } catch (IOException e) {
                failures++;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            LockSupport.parkNanos(EVERY_NANOS - (System.nanoTime() - began));
        }
    }

    /** Ends it; says what it found. */
    String stop() {
        over.set(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
        return String.format(
                Locale.ROOT, "%s, the slowest begun after %.1f s, %d failed", answers, slowestAt / 1e9, failures);
    }
}
