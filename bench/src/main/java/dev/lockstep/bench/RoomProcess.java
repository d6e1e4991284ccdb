package dev.lockstep.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link LiveRoom} in a process of its own, on a folder that outlives it. */
final class RoomProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final int port;
    private final String[] database;

    private RoomProcess(Process process, BufferedReader out, String[] ready) {
        this.process = process;
        this.out = out;
        this.port = Integer.parseInt(ready[2]);
        this.database = new String[] {ready[3], ready[4], ready[5]};
    }

    static RoomProcess start(Path folder, int port, int sockets, int rows, boolean compression) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx2g"));
        String options = System.getenv("LOCKSTEP_ROOM_OPTS");
        if (options != null) {
            command.addAll(List.of(options.split(" ")));
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                LiveRoom.class.getName(),
                folder.toString(),
                Integer.toString(port),
                Integer.toString(sockets),
                Integer.toString(rows),
                Boolean.toString(compression)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("room ready ")) {
                return new RoomProcess(process, out, line.split(" ", -1));
            }
        }
        throw new IOException("The room ended before it was ready");
    }

    int port() {
        return port;
    }

    String jdbcUrl() {
        return database[0];
    }

    String username() {
        return database[1];
    }

    String password() {
        return database[2];
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The bytes of the heap that are in use after a collection. */
    long heap() throws IOException {
        OutputStream in = process.getOutputStream();
        in.write('\n');
        in.flush();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("heap ")) {
                return Long.parseLong(line.split(" ", -1)[1]);
            }
        }
        throw new IOException("The room has ended");
    }

    /** Resident memory in bytes, the database's processes not counted. */
    long resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"), StandardCharsets.UTF_8)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return -1;
    }

    /** Kills the process as kill -9 does. The database's processes end a moment later. */
    void kill() {
        List<ProcessHandle> below = process.descendants().toList();
        process.destroyForcibly().onExit().join();
        below.forEach(child -> {
            child.destroyForcibly();
            child.onExit().join();
        });
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            process.getOutputStream().close();
            process.onExit().join();
        }
    }
}
