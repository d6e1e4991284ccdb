package dev.lockstep.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Processor time of the server, of PostgreSQL below it, and of this program, in seconds; where the system tells it. */
record CpuTimes(double server, double postgres, double self) {
    /** The kernel counts in hundredths on every Linux this runs on. */
    private static final double TICKS_PER_SECOND = 100;

    static CpuTimes now(ProcessHandle server) throws IOException {
        double below = 0;
        List<ProcessHandle> children = server.descendants().toList();
        for (ProcessHandle child : children) {
            below += of(child.pid());
        }
        return new CpuTimes(of(server.pid()), below, of(ProcessHandle.current().pid()));
    }

    CpuTimes since(CpuTimes before) {
        return new CpuTimes(server - before.server, postgres - before.postgres, self - before.self);
    }

    /** Says how many microseconds each part took for one of so many. */
    String per(int count) {
        return String.format(
                Locale.ROOT,
                "server %.0f µs, PostgreSQL %.0f µs, sender %.0f µs",
                server * 1e6 / count,
                postgres * 1e6 / count,
                self * 1e6 / count);
    }

    private static double of(long pid) throws IOException {
        Path stat = Path.of("/proc/" + pid + "/stat");
        if (!Files.exists(stat)) {
            return Double.NaN;
        }
        String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }
}
