package dev.lockstep.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks a server for an answer over HTTP twenty times a second, each call on the server's ordinary way through the database,
 * and notes how long it takes: what somebody who signs in feels of whatever else goes on.
 */
final class RestProbe {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI address;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Latencies answers = new Latencies();
    private final Thread thread;
    private int failures;

    /** Begins at once. */
    RestProbe(int port) {
        this.address = URI.create("http://127.0.0.1:" + port + "/api/query");
        this.thread = Thread.ofPlatform().name("rest-probe").start(this::ask);
    }

    private void ask() {
        for (int i = 0; !over.get(); i++) {
            HttpRequest call = HttpRequest.newBuilder(address)
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(10))
                    .POST(HttpRequest.BodyPublishers.ofString("""
                            {"path":"bench:row","format":"json","args":[{"id":"row%d"}]}""".formatted(i)))
                    .build();
            long began = System.nanoTime();
            try {
                if (http.send(call, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
                    answers.add(System.nanoTime() - began);
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
        return answers + ", " + failures + " failed";
    }
}
