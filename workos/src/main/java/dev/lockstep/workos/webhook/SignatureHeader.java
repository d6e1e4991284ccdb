package dev.lockstep.workos.webhook;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code WorkOS-Signature: t=<milliseconds>, v1=<hex>}, read by key in any order. One {@code t}, one to five
 * {@code v1}; keys of other schemes are passed over, anything else makes the whole header worthless.
 */
final class SignatureHeader {
    private static final int LONGEST = 1_024;
    private static final int MOST_SIGNATURES = 5;
    private static final int MOST_DIGITS = 15;
    private static final int HEX_LENGTH = 64;

    private final String time;
    private final List<byte[]> signatures;

    private SignatureHeader(String time, List<byte[]> signatures) {
        this.time = time;
        this.signatures = signatures;
    }

    /** Returns the time as it was written, for it is part of what was signed. */
    String time() {
        return time;
    }

    long epochMillis() {
        return Long.parseLong(time);
    }

    List<byte[]> signatures() {
        return signatures;
    }

    static Optional<SignatureHeader> parse(String header) {
        if (header.length() > LONGEST) {
            return Optional.empty();
        }
        String time = null;
        List<byte[]> signatures = new ArrayList<>();
        for (String part : header.split(",", -1)) {
            String field = part.strip();
            int equals = field.indexOf('=');
            if (equals < 1 || !isName(field.substring(0, equals))) {
                return Optional.empty();
            }
            String value = field.substring(equals + 1);
            switch (field.substring(0, equals)) {
                case "t" -> {
                    if (time != null || !isTime(value)) {
                        return Optional.empty();
                    }
                    time = value;
                }
                case "v1" -> {
                    byte @Nullable [] signature = signature(value);
                    if (signature == null || signatures.size() == MOST_SIGNATURES) {
                        return Optional.empty();
                    }
                    signatures.add(signature);
                }
                default -> {
                    // a scheme that is not ours to judge
                }
            }
        }
        return time == null || signatures.isEmpty()
                ? Optional.empty()
                : Optional.of(new SignatureHeader(time, List.copyOf(signatures)));
    }

    private static boolean isName(String text) {
        return text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    }

    private static boolean isTime(String text) {
        return !text.isEmpty() && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static byte @Nullable [] signature(String text) {
        boolean hex = text.length() == HEX_LENGTH && text.chars().allMatch(HexFormat::isHexDigit);
        return hex ? HexFormat.of().parseHex(text) : null;
    }
}
