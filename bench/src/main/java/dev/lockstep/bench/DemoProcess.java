package dev.lockstep.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo in a process of its own, as a newcomer runs it. */
final class DemoProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("ready in ([0-9.]+) s {2}(\\S+)");

    private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

    private final Process process;
    private final URI address;
    private final double readySeconds;
    private final Path folder;

    private DemoProcess(Process process, URI address, double readySeconds, Path folder) {
        this.process = process;
        this.address = address;
        this.readySeconds = readySeconds;
        this.folder = folder;
    }

    /** Starts the demo on that folder and waits until it says that it is ready. */
    static DemoProcess start(Path folder, int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        root().resolve("lockstep").toString(),
                        "demo",
                        "--no-browser",
                        "--port",
                        Integer.toString(port),
                        "--data",
                        folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // One address and one session do here what many do elsewhere.
        builder.environment().put("LOCKSTEP_LIMITS_SESSIONCALLS", "1000000");
        builder.environment().put("LOCKSTEP_LIVE_MAXSOCKETSPERSESSION", "10000");
        Process process = builder.start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                return new DemoProcess(process, URI.create(ready.group(2)), Double.parseDouble(ready.group(1)), folder);
            }
            line = out.readLine();
        }
        throw new IOException("The demo ended before it was ready; its log is in " + folder);
    }

    /** Returns the checkout's folder: the one with the launcher in it. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("lockstep"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("Run this from inside a checkout of Lockstep");
        }
        return folder;
    }

    URI address() {
        return address;
    }

    /** The server's process; PostgreSQL runs below it. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    double readySeconds() {
        return readySeconds;
    }

    /** Returns what the demo noted for other programs: database, addresses, secrets. */
    Properties notes() throws IOException {
        Properties notes = new Properties();
        try (InputStream in = Files.newInputStream(folder.resolve("demo.properties"))) {
            notes.load(in);
        }
        return notes;
    }

    /** Returns the resident memory of the server's process in MiB, where the system tells it. */
    long residentMiB() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) {
            return -1;
        }
        for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return -1;
    }

    /** Returns what of the server's heap is still in use after a full collection, in MiB; -1 where it cannot be had. */
    long heapMiBAfterCollection() throws IOException {
        jcmd("GC.run");
        Matcher used = HEAP_USED.matcher(jcmd("GC.heap_info"));
        return used.find() ? Long.parseLong(used.group(1)) / 1024 : -1;
    }

    private String jcmd(String command) throws IOException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process jcmd = new ProcessBuilder(tool.toString(), Long.toString(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        try (InputStream said = jcmd.getInputStream()) {
            return new String(said.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
