package dev.lockstep.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The programs of bench/node: what Node does with the same work. Their packages are fetched by npm the first time. */
final class NodePrograms {
    private static final String LISTENING = "listening ";

    private final Path folder;

    private NodePrograms(Path folder) {
        this.folder = folder;
    }

    /** Finds the programs and has npm fetch what they need. */
    static NodePrograms ready() throws IOException, InterruptedException {
        Path folder = DemoProcess.root().resolve("bench/node");
        Path fetched = folder.resolve("node_modules/.package-lock.json");
        boolean fresh = Files.exists(fetched)
                && Files.getLastModifiedTime(fetched)
                                .compareTo(Files.getLastModifiedTime(folder.resolve("package-lock.json")))
                        >= 0;
        if (!fresh) {
            Process npm = new ProcessBuilder("npm", "ci", "--prefer-offline", "--no-progress", "--loglevel=error")
                    .directory(folder.toFile())
                    .inheritIO()
                    .start();
            if (npm.waitFor() != 0) {
                throw new IOException("npm could not fetch the packages of " + folder);
            }
        }
        return new NodePrograms(folder);
    }

    /** A service that answers at an address until it is closed. */
    record Running(Process process, URI address) implements AutoCloseable {
        @Override
        public void close() {
            List<ProcessHandle> workers = process.descendants().toList();
            process.destroy();
            workers.forEach(ProcessHandle::destroy);
            process.onExit().join();
        }
    }

    /** Starts a program that says where it listens. */
    Running serve(String program, Map<String, String> environment) throws IOException {
        Process process = start(program, environment);
        BufferedReader out = lines(process);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(LISTENING)) {
                return new Running(process, URI.create("http://127.0.0.1:" + line.substring(LISTENING.length())));
            }
        }
        throw new IOException(program + " ended before it listened");
    }

    /** Runs a program to its end and returns its lines. */
    List<String> run(String program, Map<String, String> environment) throws IOException, InterruptedException {
        Process process = start(program, environment);
        List<String> lines = new ArrayList<>(lines(process).lines().toList());
        if (process.waitFor() != 0) {
            throw new IOException(program + " failed");
        }
        return lines;
    }

    private Process start(String program, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("node", program)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        builder.environment().put("NODE_ENV", "production");
        return builder.start();
    }

    private static BufferedReader lines(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }
}
