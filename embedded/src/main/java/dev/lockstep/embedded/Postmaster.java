package dev.lockstep.embedded;

import static dev.lockstep.embedded.PostgresProblem.Code.POSTGRES_ALREADY_RUNNING;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A PostgreSQL server process and how to end it. It may be our own child or an orphan that an earlier, killed Java
 * process left behind.
 */
record Postmaster(ProcessHandle process) {
    private static final int READY_LINE = 7;

    /**
     * The server that runs on this cluster, going by its pid file. A pid file whose number belongs to nobody, or by
     * now to some other program, is no server: it is deleted, because PostgreSQL itself would refuse to start over it.
     */
    static Optional<Postmaster> runningOn(Path cluster) throws IOException {
        List<String> lines = pidFile(cluster);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        Optional<ProcessHandle> process =
                parsePid(lines.getFirst()).flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
        if (process.isPresent()) {
            switch (ownership(process.get(), cluster)) {
                case OURS -> {
                    return Optional.of(new Postmaster(process.get()));
                }
                case UNKNOWN ->
                    throw new PostgresProblem(
                            POSTGRES_ALREADY_RUNNING,
                            "process " + process.get().pid() + " is a PostgreSQL that may use " + cluster
                                    + ". Stop it, or delete postmaster.pid there if it does not.");
                case FOREIGN -> {}
            }
        }
        Files.deleteIfExists(cluster.resolve("postmaster.pid"));
        return Optional.empty();
    }

    /** True once the server of this process id accepts connections. */
    static boolean isReady(Path cluster, long pid) throws IOException {
        List<String> lines = pidFile(cluster);
        return lines.size() > READY_LINE
                && parsePid(lines.getFirst()).filter(found -> found == pid).isPresent()
                && lines.get(READY_LINE).strip().equals("ready");
    }

    /** Ends clients and the server in order; kills what is left after the time. Returns once the process is gone. */
    void stop(Duration patience) {
        if (!process.isAlive()) {
            // Its number may belong to another program by now.
            return;
        }
        if (!signal("INT") || !isGoneWithin(patience)) {
            // An immediate shutdown first, so that the server takes its own children with it.
            if (!signal("QUIT") || !isGoneWithin(Duration.ofSeconds(2))) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                isGoneWithin(patience);
            }
        }
    }

    private boolean signal(String name) {
        try {
            // Java can only send TERM and KILL, and TERM makes PostgreSQL wait for its clients.
            return new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isGoneWithin(Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    private enum Ownership {
        OURS,
        FOREIGN,
        UNKNOWN
    }

    private static Ownership ownership(ProcessHandle process, Path cluster) throws IOException {
        List<String> command = commandLine(process);
        if (command.isEmpty()) {
            return Ownership.UNKNOWN;
        }
        if (!Path.of(command.getFirst()).endsWith("postgres")) {
            return Ownership.FOREIGN;
        }
        int dataOption = command.indexOf("-D");
        if (dataOption >= 0
                && dataOption + 1 < command.size()
                && command.get(dataOption + 1).equals(cluster.toString())) {
            return Ownership.OURS;
        }
        Path workingFolder = Path.of("/proc/" + process.pid() + "/cwd");
        try {
            // A PostgreSQL server always works inside its cluster's folder.
            boolean inCluster = workingFolder.toRealPath().equals(cluster.toRealPath());
            return inCluster ? Ownership.OURS : Ownership.FOREIGN;
        } catch (IOException e) {
            return Ownership.UNKNOWN;
        }
    }

    /** The program and its arguments; empty when the system does not tell. */
    private static List<String> commandLine(ProcessHandle process) throws IOException {
        Path commandLine = Path.of("/proc/" + process.pid() + "/cmdline");
        if (Files.isReadable(commandLine)) {
            String text = new String(Files.readAllBytes(commandLine), StandardCharsets.UTF_8);
            return text.isEmpty() ? List.of() : List.of(text.split("\0"));
        }
        List<String> command = new ArrayList<>();
        process.info().command().ifPresent(command::add);
        process.info().arguments().ifPresent(arguments -> command.addAll(List.of(arguments)));
        return command;
    }

    private static List<String> pidFile(Path cluster) throws IOException {
        try {
            return Files.readAllLines(cluster.resolve("postmaster.pid"), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static Optional<Long> parsePid(String line) {
        try {
            return Optional.of(Math.abs(Long.parseLong(line.strip())));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
