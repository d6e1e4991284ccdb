package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The Next.js application of {@code testing/nextjs} as a process beside the running demo, on the same WorkOS and with the
 * same cookie password. Started once for all test classes, because it makes its pages when they are first asked for.
 */
final class NextJsApp implements BeforeAllCallback {
    private static final String PROGRAM = "node_modules/next/dist/bin/next";

    private final RunningDemo demo;

    NextJsApp(RunningDemo demo) {
        this.demo = demo;
    }

    /** The demo comes first. */
    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(NextJsApp.class))
                .computeIfAbsent(Running.class, key -> start(), Running.class);
    }

    private Running start() {
        WorkOsDouble workOs = demo.demo().workOs();
        String cookiePassword = new DemoFolder(demo.folder(), new SecureRandom()).secret("cookie-password");
        Path folder = Browser.root().resolve("testing/nextjs");
        assumeTrue(
                Files.exists(folder.resolve(PROGRAM)),
                "the genuine npm packages are not installed: run `npm ci` in testing/nextjs");
        URI address = demo.neighbour();
        ProcessBuilder builder = new ProcessBuilder(
                        NodeProgram.node(),
                        PROGRAM,
                        "dev",
                        "-H",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(address.getPort()))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "NEXT_TELEMETRY_DISABLED", "1",
                        "OWN_ADDRESS", address.toString(),
                        "LOCKSTEP_ADDRESS", demo.address().toString(),
                        "NEXT_PUBLIC_WORKOS_REDIRECT_URI", address + "/callback",
                        "WORKOS_CLIENT_ID", workOs.clientId(),
                        "WORKOS_API_KEY", workOs.apiKey(),
                        "WORKOS_API_HOSTNAME", workOs.baseUrl().getHost(),
                        "WORKOS_API_PORT", Integer.toString(workOs.baseUrl().getPort()),
                        "WORKOS_API_HTTPS", "false",
                        "WORKOS_COOKIE_PASSWORD", cookiePassword));
        try {
            demo.makeRoomForTheNeighbour();
            return ready(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Running ready(Process process) throws IOException {
        List<String> said = new ArrayList<>();
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(line);
            if (line.contains("Ready in")) {
                Thread.ofVirtual().name("next-output").start(() -> lines.lines().forEach(ignored -> {}));
                return new Running(process);
            }
        }
        process.destroyForcibly();
        throw new AssertionError("the Next.js application did not start: " + said);
    }

    URI address() {
        return demo.neighbour();
    }

    private record Running(Process process) implements AutoCloseable {
        @Override
        public void close() {
            List<ProcessHandle> all = process.descendants().toList();
            process.destroy();
            all.forEach(ProcessHandle::destroy);
            process.onExit()
                    .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                    .join();
            all.forEach(child -> {
                child.destroyForcibly();
                child.onExit().join();
            });
            assertThat(process.isAlive()).isFalse();
        }
    }
}
