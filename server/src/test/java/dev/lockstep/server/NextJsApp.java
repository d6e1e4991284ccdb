package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.server.demo.FreePort;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Next.js application of {@code testing/nextjs} as a process, on a port of its own. */
final class NextJsApp implements AutoCloseable {
    private static final String PROGRAM = "node_modules/next/dist/bin/next";

    private final Process process;
    private final URI address;

    private NextJsApp(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Starts it on the same WorkOS and with the same cookie password as Lockstep. */
    static NextJsApp start(WorkOsDouble workOs, String cookiePassword) throws IOException {
        Path folder = Browser.root().resolve("testing/nextjs");
        assumeTrue(
                Files.exists(folder.resolve(PROGRAM)),
                "the genuine npm packages are not installed: run `npm ci` in testing/nextjs");
        URI address = URI.create("http://localhost:" + FreePort.any());
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
                        "NEXT_PUBLIC_WORKOS_REDIRECT_URI", address + "/callback",
                        "WORKOS_CLIENT_ID", workOs.clientId(),
                        "WORKOS_API_KEY", workOs.apiKey(),
                        "WORKOS_API_HOSTNAME", workOs.baseUrl().getHost(),
                        "WORKOS_API_PORT", Integer.toString(workOs.baseUrl().getPort()),
                        "WORKOS_API_HTTPS", "false",
                        "WORKOS_COOKIE_PASSWORD", cookiePassword));
        return ready(builder.start(), address);
    }

    private static NextJsApp ready(Process process, URI address) throws IOException {
        List<String> said = new ArrayList<>();
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(line);
            if (line.contains("Ready in")) {
                Thread.ofVirtual().name("next-output").start(() -> lines.lines().forEach(ignored -> {}));
                return new NextJsApp(process, address);
            }
        }
        process.destroyForcibly();
        throw new AssertionError("the Next.js application did not start: " + said);
    }

    URI address() {
        return address;
    }

    @Override
    public void close() {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy);
        process.onExit().orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
        all.forEach(child -> {
            child.destroyForcibly();
            child.onExit().join();
        });
        assertThat(process.isAlive()).isFalse();
    }
}
