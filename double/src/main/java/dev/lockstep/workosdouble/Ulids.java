package dev.lockstep.workosdouble;

import java.util.random.RandomGenerator;

/** Makes ids that sort by the time they were made, strictly, also within one millisecond. Guarded by the world's lock. */
final class Ulids {
    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int HALF_BITS = 40;
    private static final long HALF_LIMIT = 1L << HALF_BITS;

    private final RandomGenerator random;

    /** Only grows. */
    private long lastMillis = -1;

    private long high;
    private long low;

    Ulids(RandomGenerator random) {
        this.random = random;
    }

    String next(String prefix, long nowMillis) {
        if (nowMillis > lastMillis) {
            lastMillis = nowMillis;
            high = random.nextLong(HALF_LIMIT / 2);
            low = random.nextLong(HALF_LIMIT);
        } else {
            // The gap keeps ids unguessable from each other while the order stays strict.
            low += 1 + random.nextLong(1 << 20);
            if (low >= HALF_LIMIT) {
                low -= HALF_LIMIT;
                high++;
            }
        }
        StringBuilder id =
                new StringBuilder(prefix.length() + 27).append(prefix).append('_');
        digits(id, lastMillis, 10);
        digits(id, high, 8);
        digits(id, low, 8);
        return id.toString();
    }

    /** After a restart: every id made from here on sorts after those made at the given time. */
    void startAfter(long millis) {
        lastMillis = Math.max(lastMillis, millis);
        high = Math.max(high, HALF_LIMIT / 2);
    }

    /** Sorts before every id with the prefix that is made at the given time or later, and after all made earlier. */
    static String floor(String prefix, long millis) {
        StringBuilder id = new StringBuilder(prefix).append('_');
        digits(id, Math.max(0, millis), 10);
        return id.toString();
    }

    private static void digits(StringBuilder out, long value, int count) {
        for (int shift = 5 * (count - 1); shift >= 0; shift -= 5) {
            out.append(ALPHABET[(int) (value >>> shift) & 31]);
        }
    }
}
