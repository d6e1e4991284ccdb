package dev.lockstep.workos.object;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the points in time that WorkOS writes: ISO-8601 as a rule, but a blank for the {@code T} and no zone (then UTC)
 * have been seen in its documentation.
 */
public final class WireTime {
    private static final DateTimeFormatter LENIENT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .append(LENIENT)
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern("[XXXXX][XXXX][X]")
            .toFormatter(Locale.ROOT);
    private static final int DATE_LENGTH = 10;
    private static final int LONGEST = 40;

    private WireTime() {}

    /** Reads a time between the years 1970 and 9999; empty when the text is none. */
    public static Optional<Instant> parse(String text) {
        if (text.length() <= DATE_LENGTH || text.length() > LONGEST) {
            return Optional.empty();
        }
        char separator = text.charAt(DATE_LENGTH);
        if (separator != 'T' && separator != 't' && separator != ' ') {
            return Optional.empty();
        }
        String iso = text.substring(0, DATE_LENGTH) + 'T' + text.substring(DATE_LENGTH + 1);
        try {
            TemporalAccessor parsed = FORMAT.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
            Instant instant = parsed instanceof OffsetDateTime zoned
                    ? zoned.toInstant()
                    : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
            return instant.isBefore(Instant.EPOCH) ? Optional.empty() : Optional.of(instant);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
