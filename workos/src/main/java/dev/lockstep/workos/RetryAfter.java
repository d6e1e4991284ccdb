package dev.lockstep.workos;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Reads the two forms of {@code Retry-After}: seconds and a date. */
final class RetryAfter {
    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    static Optional<Duration> parse(String header, Instant now, Duration longest) {
        String text = header.strip();
        return seconds(text).or(() -> date(text, now)).map(wait -> wait.compareTo(longest) > 0 ? longest : wait);
    }

    static Optional<Instant> httpDate(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> seconds(String text) {
        boolean number =
                !text.isEmpty() && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Optional.of(Duration.ofSeconds(Long.parseLong(text))) : Optional.empty();
    }

    private static Optional<Duration> date(String text, Instant now) {
        return httpDate(text).map(when -> when.isAfter(now) ? Duration.between(now, when) : Duration.ZERO);
    }
}
