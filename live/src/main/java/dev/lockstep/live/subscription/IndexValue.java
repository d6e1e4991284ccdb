package dev.lockstep.live.subscription;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One column of an index key, ordered the way PostgreSQL orders it: numbers by value, moments in time, text by code point
 * ({@code COLLATE "C"}), and null after everything.
 */
public sealed interface IndexValue extends Comparable<IndexValue> {

    /** What kind of column it comes from. */
    enum Kind {
        FLAG,
        NUMBER,
        MOMENT,
        TEXT
    }

    /** False before true. */
    record Flag(boolean value) implements IndexValue {}

    /** A number of any type. */
    record Numeric(BigDecimal value) implements IndexValue {}

    /** A moment, whatever zone it was written in. */
    record Moment(Instant value) implements IndexValue {}

    /** Text, also that of a uuid or a date. */
    record Text(String value) implements IndexValue {
        @Override
        public String toString() {
            return "Text[" + value.length() + " characters]";
        }
    }

    /** No value. */
    record Null() implements IndexValue {}

    /**
     * Reads a value as PostgreSQL writes it in JSON.
     *
     * @return empty when the text is no such value, as {@code NaN} is no number that has a place in an order
     */
    static Optional<IndexValue> of(Kind kind, @Nullable String text) {
        if (text == null) {
            return Optional.of(new Null());
        }
        try {
            return Optional.of(
                    switch (kind) {
                        case FLAG -> new Flag(Boolean.parseBoolean(text));
                        case NUMBER -> new Numeric(new BigDecimal(text));
                        case MOMENT -> new Moment(OffsetDateTime.parse(text).toInstant());
                        case TEXT -> new Text(text);
                    });
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    default int compareTo(IndexValue other) {
        if (this instanceof Flag mine && other instanceof Flag theirs) {
            return Boolean.compare(mine.value, theirs.value);
        }
        if (this instanceof Numeric mine && other instanceof Numeric theirs) {
            return mine.value.compareTo(theirs.value);
        }
        if (this instanceof Moment mine && other instanceof Moment theirs) {
            return mine.value.compareTo(theirs.value);
        }
        if (this instanceof Text mine && other instanceof Text theirs) {
            return byCodePoint(mine.value, theirs.value);
        }
        return Integer.compare(rank(this), rank(other));
    }

    private static int rank(IndexValue value) {
        return switch (value) {
            case Flag flag -> 0;
            case Numeric number -> 1;
            case Moment moment -> 2;
            case Text text -> 3;
            case Null none -> 4;
        };
    }

    /** Java compares UTF-16 units, which puts what is outside the basic plane before its last part. */
    private static int byCodePoint(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                boolean outside = Character.isSurrogate(left);
                return outside == Character.isSurrogate(right) ? Character.compare(left, right) : outside ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
