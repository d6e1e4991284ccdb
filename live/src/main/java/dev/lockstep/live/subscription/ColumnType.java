package dev.lockstep.live.subscription;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The types of columns that rows are found and ordered by, with the order that PostgreSQL gives them; text in the order of
 * its bytes, which is COLLATE "C".
 */
public enum ColumnType {
    TEXT,
    UUID,
    INTEGER,
    BOOLEAN,
    MOMENT,
    DATE;

    private static final Comparator<String> BYTES = ColumnType::compareText;

    /** The type that PostgreSQL calls so, if it is one of these. */
    public static Optional<ColumnType> of(@Nullable String postgres) {
        return switch (postgres) {
            case "text", "character varying" -> Optional.of(TEXT);
            case "uuid" -> Optional.of(UUID);
            case "smallint", "integer", "bigint" -> Optional.of(INTEGER);
            case "boolean" -> Optional.of(BOOLEAN);
            case "timestamp with time zone" -> Optional.of(MOMENT);
            case "date" -> Optional.of(DATE);
            case null, default -> Optional.empty();
        };
    }

    /**
     * Reads a value the way PostgreSQL writes it in a change, or the way {@link Value#text} writes it.
     *
     * @return empty when the text is no such value
     */
    public Optional<Value> parse(String text) {
        try {
            return Optional.of(
                    switch (this) {
                        case TEXT -> new Value(this, text);
                        case UUID ->
                            new Value(this, java.util.UUID.fromString(text).toString());
                        case INTEGER -> new Value(this, Long.parseLong(text));
                        case BOOLEAN -> new Value(this, flag(text));
                        case MOMENT -> new Value(this, moment(text));
                        case DATE -> new Value(this, date(text));
                    });
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The value that a program gave: its own Java type, or text. */
    public Optional<Value> of(Object java) {
        return switch (java) {
            case UUID id when this == UUID -> Optional.of(new Value(this, id.toString()));
            case Boolean flag when this == BOOLEAN -> Optional.of(new Value(this, flag));
            case Integer number when this == INTEGER -> Optional.of(new Value(this, number.longValue()));
            case Long number when this == INTEGER -> Optional.of(new Value(this, number));
            case Instant at when this == MOMENT -> Optional.of(new Value(this, at.truncatedTo(ChronoUnit.MICROS)));
            case LocalDate day when this == DATE -> Optional.of(new Value(this, day));
            case String text -> parse(text);
            default -> Optional.empty();
        };
    }

    /** Whether equal values always have equal text in a change, so that a look-up by text finds them. */
    public boolean hasOneText() {
        return switch (this) {
            case TEXT, UUID, INTEGER, BOOLEAN -> true;
            case MOMENT, DATE -> false;
        };
    }

    private static Boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static Instant moment(String text) {
        return switch (text) {
            case "infinity" -> Instant.MAX;
            case "-infinity" -> Instant.MIN;
            default -> OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
        };
    }

    private static LocalDate date(String text) {
        return switch (text) {
            case "infinity" -> LocalDate.MAX;
            case "-infinity" -> LocalDate.MIN;
            default -> LocalDate.parse(text);
        };
    }

    /** UTF-8 keeps the order of code points; UTF-16 does not, where surrogates stand below U+E000. */
    private static int compareText(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean above = Character.isSurrogate(x);
                return above == Character.isSurrogate(y) ? Character.compare(x, y) : above ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /**
     * A value of one of these types.
     *
     * @param raw String for text and UUID, Long, Boolean, Instant or LocalDate
     */
    public record Value(ColumnType type, Object raw) implements Comparable<Value> {
        @Override
        public int compareTo(Value other) {
            return switch (raw) {
                case String text -> BYTES.compare(text, (String) other.raw);
                case Long number -> number.compareTo((Long) other.raw);
                case Boolean flag -> flag.compareTo((Boolean) other.raw);
                case Instant at -> at.compareTo((Instant) other.raw);
                case LocalDate day -> day.compareTo((LocalDate) other.raw);
                default -> throw new IllegalStateException("Not a value of a column");
            };
        }

        /** Its text, as PostgreSQL reads it. */
        public String text() {
            if (raw.equals(Instant.MAX) || raw.equals(LocalDate.MAX)) {
                return "infinity";
            }
            return raw.equals(Instant.MIN) || raw.equals(LocalDate.MIN) ? "-infinity" : raw.toString();
        }

        @Override
        public String toString() {
            return type + "[…]";
        }
    }
}
