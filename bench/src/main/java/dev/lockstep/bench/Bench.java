package dev.lockstep.bench;

import com.google.errorprone.annotations.FormatMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What every load program does around its measurement: a demo on a folder that goes away, and words about the machine. */
final class Bench {
    private static final int FIRST_PORT = 3900;

    private Bench() {}

    /** A measurement against a running demo. */
    interface Measurement {
        void run(DemoProcess demo, Knobs knobs) throws Exception;
    }

    static void run(String[] args, Measurement measurement) throws Exception {
        Knobs knobs = new Knobs(args);
        inFolder(folder -> {
            try (DemoProcess demo = DemoProcess.start(folder, FIRST_PORT)) {
                machine();
                measurement.run(demo, knobs);
            }
        });
    }

    /** Work on a folder that goes away afterwards. */
    interface FolderWork {
        void run(Path folder) throws Exception;
    }

    static void inFolder(FolderWork work) throws Exception {
        Path folder = Files.createTempDirectory("lockstep-bench");
        try {
            work.run(folder);
        } finally {
            delete(folder);
        }
    }

    @FormatMethod
    static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Says what the figures were taken on. */
    static void machine() throws IOException {
        Path load = Path.of("/proc/loadavg");
        say(
                "%d cores, Java %s, %s %s%s",
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Files.exists(load) ? ", load before " + Files.readString(load).split(" ", 2)[0] : "");
    }

    /** Removes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
