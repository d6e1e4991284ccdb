package dev.lockstep.sync.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.workos.webhook.WebhookSignature;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link Victim} as a process of its own. */
final class VictimProcess implements AutoCloseable {
    private final Process process;
    private final URI address;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private VictimProcess(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Starts it and returns when it takes webhooks, or is dead already. */
    static VictimProcess start(ProofDatabase database, KillPoint point, int hit) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx192m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Victim.class.getName()));
        command.addAll(database.address());
        command.add(point.name());
        command.add(Integer.toString(hit));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("ready ")) {
                return new VictimProcess(process, URI.create("http://127.0.0.1:" + line.substring(6)));
            }
        }
        return new VictimProcess(process, URI.create("http://127.0.0.1:9"));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Posts one event; true when it was acknowledged. */
    boolean deliver(byte[] body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(20))
                .header(
                        WebhookSignature.HEADER,
                        WebhookSignature.sign(
                                Victim.SECRET, InstantSource.system().instant(), body))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException gone) {
            return false;
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end. */
    void assertKilled() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("the point was reached")
                .isTrue();
        assertThat(process.exitValue()).isEqualTo(Fuse.EXIT);
    }

    @Override
    public void close() {
        http.shutdownNow();
        process.destroyForcibly().onExit().join();
    }
}
