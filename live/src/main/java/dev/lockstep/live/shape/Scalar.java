package dev.lockstep.live.shape;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A single value. Numbers are exact: a JavaScript number is never a bigint, and the other way round. */
public enum Scalar implements Shape {
    /** {@code boolean}. */
    FLAG("true or false"),
    /** {@code double}: any JavaScript number. */
    NUMBER("a number"),
    /** {@code int}: a JavaScript number without a fraction, of 32 bits. */
    WHOLE("a whole number of 32 bits"),
    /** {@code long}: a JavaScript bigint of 64 bits. */
    INT64("a bigint"),
    /** {@code String}. */
    TEXT("text"),
    /** {@code byte[]}: an ArrayBuffer. */
    BYTES("bytes"),
    /** {@code UUID}: its text. */
    UUID("the text of a UUID"),
    /** {@code Instant}: ISO 8601 text with a zone, written in UTC. */
    MOMENT("a moment as ISO 8601 text with a zone"),
    /** {@code LocalDate}: a date without time and zone, {@code 2026-03-01}. */
    DATE("a date as text, year-month-day"),
    /** {@code BigDecimal}: its digits as text, since a JavaScript number would round them. */
    DECIMAL("a decimal number as text"),
    /** {@code Object}: any value, unchecked. */
    ANY("a value"),
    /** {@code void}: null. */
    NOTHING("null");

    private static final Pattern DECIMAL_TEXT = Pattern.compile("-?[0-9]{1,60}(\\.[0-9]{1,60})?");
    private static final int UUID_LENGTH = 36;

    private final String words;

    Scalar(String words) {
        this.words = words;
    }

    @Override
    public String words() {
        return words;
    }

    @Override
    public @Nullable Object read(@Nullable Object wire, String field) {
        if (wire == null && this != ANY && this != NOTHING) {
            throw mismatch(field);
        }
        try {
            return switch (this) {
                case FLAG -> as(Boolean.class, wire, field);
                case NUMBER -> as(Double.class, wire, field);
                case WHOLE -> whole(as(Double.class, wire, field), field);
                case INT64 -> as(Long.class, wire, field);
                case TEXT -> as(String.class, wire, field);
                case BYTES -> as(byte[].class, wire, field);
                case UUID -> uuid(as(String.class, wire, field), field);
                case MOMENT -> Instant.parse(as(String.class, wire, field));
                case DATE -> LocalDate.parse(as(String.class, wire, field));
                case DECIMAL -> decimal(as(String.class, wire, field), field);
                case ANY -> wire;
                case NOTHING -> {
                    if (wire != null) {
                        throw mismatch(field);
                    }
                    yield null;
                }
            };
        } catch (DateTimeException e) {
            throw mismatch(field);
        }
    }

    @Override
    public @Nullable Object write(@Nullable Object java, String field) {
        return switch (java) {
            case null -> {
                if (this != ANY && this != NOTHING) {
                    throw new Mismatch("'" + field + "' is null but not declared as @Nullable");
                }
                yield null;
            }
            case UUID id -> id.toString();
            case Instant at -> at.toString();
            case LocalDate day -> day.toString();
            case BigDecimal number -> number.toPlainString();
            default -> java;
        };
    }

    private <T> T as(Class<T> type, @Nullable Object wire, String field) {
        if (wire == null || !type.isInstance(wire)) {
            throw mismatch(field);
        }
        return type.cast(wire);
    }

    private Integer whole(double number, String field) {
        int whole = (int) number;
        boolean negativeZero = number == 0 && 1 / number < 0;
        if (whole != number || negativeZero) {
            throw mismatch(field);
        }
        return whole;
    }

    private UUID uuid(String text, String field) {
        if (text.length() != UUID_LENGTH) {
            throw mismatch(field);
        }
        try {
            return java.util.UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw mismatch(field);
        }
    }

    private BigDecimal decimal(String text, String field) {
        if (!DECIMAL_TEXT.matcher(text).matches()) {
            throw mismatch(field);
        }
        return new BigDecimal(text);
    }

    private Mismatch mismatch(String field) {
        return new Mismatch("Field '" + field + "' must be " + words);
    }
}
