package dev.lockstep.sync.inbox;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Which events an operator means. What is not said does not restrict; the parts restrict together.
 *
 * @param reason a part of the reason, as it is written, or null
 * @param type the exact type, or null
 * @param from received at this time or later, by the clock of the database, or null
 * @param to received before this time, or null
 */
public record Selection(
        @Nullable String reason,
        @Nullable String type,
        @Nullable Instant from,
        @Nullable Instant to) {
    static final String SQL = """
             (CAST(:reason AS text) IS NULL OR strpos(reason, :reason) > 0)
              AND (CAST(:type AS text) IS NULL OR event_type = :type)
              AND received_at >= coalesce(CAST(:from AS timestamptz), '-infinity')
              AND received_at < coalesce(CAST(:to AS timestamptz), 'infinity')
            """;

    /** All of them. */
    public static Selection all() {
        return new Selection(null, null, null, null);
    }

    /** Those whose reason contains the words. */
    public static Selection withReason(String words) {
        return new Selection(words, null, null, null);
    }

    /** Those received in a time window, the end not included. */
    public static Selection received(Instant from, Instant to) {
        return new Selection(null, null, from, to);
    }

    StatementSpec bind(StatementSpec statement) {
        return statement
                .param("reason", reason)
                .param("type", type)
                .param("from", text(from))
                .param("to", text(to));
    }

    private static @Nullable String text(@Nullable Instant time) {
        return Optional.ofNullable(time).map(Instant::toString).orElse(null);
    }
}
