package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.embedded.EmbeddedPostgres;
import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.server.demo.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The demo as a process of its own, on one folder and one port, so that it can be killed and started again. */
final class DemoProcess implements AutoCloseable {
    private final Path folder;
    private final int port;
    private @Nullable Process process;

    DemoProcess(Path folder) {
        this.folder = folder;
        this.port = FreePort.any();
    }

    URI address() {
        return URI.create("http://localhost:" + port);
    }

    DemoFolder notes() {
        return new DemoFolder(folder, new SecureRandom());
    }

    /** Starts the process and returns when it says that it is ready. */
    void start() throws IOException {
        process = java("demo", "--no-browser", "--port", Integer.toString(port), "--data", folder.toString())
                .redirectErrorStream(true)
                .start();
        List<String> said = new ArrayList<>();
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(line);
            if (line.startsWith("ready in ")) {
                assertThat(line).contains(address().toString());
                Thread.ofVirtual().name("demo-output").start(() -> lines.lines().forEach(ignored -> {}));
                return;
            }
        }
        throw new AssertionError("the demo did not start: " + said);
    }

    /** The verbs of the command line as a process, with the classes of this test. */
    static ProcessBuilder java(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                LockstepServer.class.getName()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> !name.equals("PATH") && !name.equals("HOME"));
        return builder;
    }

    /** SIGKILL, and back when the process is gone. */
    void kill() throws InterruptedException {
        Process running = running();
        running.destroyForcibly();
        assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(running.isAlive()).isFalse();
    }

    /** SIGKILL for the database server that a killed demo has left behind. */
    void killPostgres() throws IOException {
        long pid =
                Long.parseLong(Files.readAllLines(postmasterFile()).getFirst().strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> children = postmaster.children().toList();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        postmaster.onExit().join();
        children.forEach(child -> child.onExit().join());
    }

    private Path postmasterFile() throws IOException {
        try (var files = Files.walk(folder.resolve("postgres"))) {
            return files.filter(file -> file.endsWith("postmaster.pid"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    PGSimpleDataSource database() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(notes().note("database.url").orElseThrow());
        source.setUser(notes().note("database.username").orElseThrow());
        source.setPassword(notes().note("database.password").orElseThrow());
        return source;
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroy();
            try {
                process.onExit().get(40, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                process.destroyForcibly().onExit().join();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        EmbeddedPostgres.stopAbandoned(folder.resolve("postgres"));
    }
}
