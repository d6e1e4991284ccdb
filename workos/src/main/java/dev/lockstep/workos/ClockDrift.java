package dev.lockstep.workos;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far this machine's clock is from WorkOS's, as the {@code Date} of its last answer says. Tokens and signatures are
 * judged by our clock, so a large difference refuses good ones. To within a second. Thread-safe.
 */
public final class ClockDrift {
    /** From here on tokens begin to be refused. */
    public static final Duration ALARM = Duration.ofSeconds(30);

    private static final Duration HALF = Duration.ofMillis(500);

    private volatile @Nullable Duration last;

    ClockDrift() {}

    /** Returns WorkOS's time minus ours; empty before the first answer. */
    public Optional<Duration> last() {
        return Optional.ofNullable(last);
    }

    /** Returns whether the difference is large enough to refuse good tokens. */
    public boolean alarms() {
        return last().map(Duration::abs)
                .filter(apart -> apart.compareTo(ALARM) > 0)
                .isPresent();
    }

    /** Hears an answer; the header has whole seconds, so the middle of that second is the best guess. */
    void heard(HttpHeaders headers, Instant now) {
        headers.firstValue("Date")
                .flatMap(RetryAfter::httpDate)
                .ifPresent(date -> last = Duration.between(now, date.plus(HALF)));
    }
}
