package dev.lockstep.live.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** The eight little-endian bytes in base64 that carry a clock value. Values stay below 2^63. */
public final class WireTimestamp {
    private WireTimestamp() {}

    /**
     * Writes a clock value.
     *
     * @param ts not negative
     * @throws IllegalArgumentException for a negative value: the client cannot compare such numbers
     */
    public static String encode(long ts) {
        if (ts < 0) {
            throw new IllegalArgumentException("A clock value must stay below 2^63");
        }
        return littleEndian(ts);
    }

    /**
     * Reads a clock value.
     *
     * @throws WireViolation when the text is not eight bytes of base64, or the value is 2^63 or more
     */
    public static long decode(String text) {
        long ts = fromLittleEndian(text);
        if (ts < 0) {
            throw new WireViolation("A timestamp is 2^63 or more.");
        }
        return ts;
    }

    static String littleEndian(long bits) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bits)
                .array();
        return Base64.getEncoder().encodeToString(bytes);
    }

    static long fromLittleEndian(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new WireViolation("An eight-byte number is not valid base64.");
        }
        if (bytes.length != Long.BYTES) {
            throw new WireViolation("An eight-byte number has " + bytes.length + " bytes.");
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
