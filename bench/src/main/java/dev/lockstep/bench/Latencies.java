package dev.lockstep.bench;

import java.util.Arrays;
import java.util.Locale;

/** Collects durations in nanoseconds and says their percentiles. Thread-safe while adding. */
final class Latencies {
    private long[] nanos = new long[1 << 12];
    private int count;

    synchronized void add(long value) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = value;
    }

    synchronized int count() {
        return count;
    }

    /** Returns a percentile in milliseconds. */
    synchronized double percentile(double p) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int index = (int) Math.ceil(p / 100 * count) - 1;
        return sorted[Math.max(0, index)] / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p99 %.2f ms, max %.2f ms (%d samples)",
                percentile(50),
                percentile(99),
                percentile(100),
                count());
    }
}
