package dev.lockstep.store.feed;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Which transactions a reader sees: PostgreSQL's {@code pg_snapshot}, read from and written as its text
 * {@code xmin:xmax:xip,xip}.
 */
public final class Snapshot {
    /** Sees no transaction at all: where a reader stands that wants everything the log still holds. */
    public static final Snapshot NOTHING = new Snapshot(3, 3, new long[0]);

    /** Two snapshots that are further apart are not looked at one transaction after the other. */
    private static final long MOST_COMPARED = 100_000;

    private final long xmin;
    private final long xmax;
    private final long[] running;

    private Snapshot(long xmin, long xmax, long[] running) {
        this.xmin = xmin;
        this.xmax = xmax;
        this.running = running;
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException when the text is not a snapshot
     */
    public static Snapshot parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("Not a snapshot.");
        }
        long[] running = parts[2].isEmpty()
                ? new long[0]
                : Arrays.stream(parts[2].split(",", -1))
                        .mapToLong(Long::parseLong)
                        .sorted()
                        .toArray();
        return checked(Long.parseLong(parts[0]), Long.parseLong(parts[1]), running);
    }

    private static Snapshot checked(long xmin, long xmax, long[] running) {
        boolean inside = running.length == 0 || (running[0] >= xmin && running[running.length - 1] < xmax);
        if (xmin < 1 || xmax < xmin || !inside) {
            throw new IllegalArgumentException("Not a snapshot.");
        }
        return new Snapshot(xmin, xmax, running);
    }

    /** All transactions below this one have ended. */
    public long xmin() {
        return xmin;
    }

    /** No transaction from this one on had ended. */
    public long xmax() {
        return xmax;
    }

    /** Whether a committed transaction with this 64-bit id is visible. */
    public boolean sees(long xid) {
        return xid < xmin || (xid < xmax && Arrays.binarySearch(running, xid) < 0);
    }

    /** Whether this later snapshot sees nothing that the other does not, leaving one transaction aside. */
    boolean seesNoMoreThan(Snapshot earlier, long aside) {
        if (xmax - earlier.xmin > MOST_COMPARED) {
            return false;
        }
        return LongStream.range(earlier.xmin, xmax).allMatch(xid -> xid == aside || earlier.sees(xid) || !sees(xid));
    }

    /** The same snapshot without some of the transactions that it sees. */
    Snapshot without(Collection<Long> xids) {
        if (xids.isEmpty()) {
            return this;
        }
        long[] unseen = LongStream.concat(Arrays.stream(running), xids.stream().mapToLong(Long::longValue))
                .sorted()
                .distinct()
                .toArray();
        return checked(Math.min(xmin, unseen[0]), xmax, unseen);
    }

    /** The text form, as PostgreSQL reads it. */
    public String text() {
        return Arrays.stream(running)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(",", xmin + ":" + xmax + ":", ""));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Snapshot that
                && xmin == that.xmin
                && xmax == that.xmax
                && Arrays.equals(running, that.running);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(xmin) * 31 + Long.hashCode(xmax);
    }

    @Override
    public String toString() {
        return text();
    }
}
