package dev.lockstep.sync.tail;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Owns {@code lockstep.cursor} and {@code lockstep.sync_mark}: where the Events tail stands and what that proves. */
public final class Cursors {
    private static final String BEGIN = """
            INSERT INTO lockstep.cursor (name, boundary, lease_token) VALUES (:name, CAST(:boundary AS timestamptz), :token)
            ON CONFLICT (name) DO NOTHING
            """;
    private static final String READ = """
            SELECT event_id, event_at, boundary, lease_token FROM lockstep.cursor WHERE name = :name
            """;
    private static final String MOVE = """
            UPDATE lockstep.cursor SET event_id = :next, event_at = coalesce(CAST(:at AS timestamptz), event_at),
              lease_token = :token, updated_at = clock_timestamp()
            WHERE name = :name AND event_id IS NOT DISTINCT FROM CAST(:expected AS text) AND lease_token <= :token
            """;
    private static final String RESTART = """
            UPDATE lockstep.cursor SET event_id = NULL, boundary = CAST(:boundary AS timestamptz),
              lease_token = :token, updated_at = clock_timestamp()
            WHERE name = :name AND event_id IS NOT DISTINCT FROM CAST(:expected AS text) AND lease_token <= :token
            """;
    private static final String POLLED = """
            UPDATE lockstep.cursor SET polled_at = clock_timestamp(), lease_token = :token
            WHERE name = :name AND lease_token <= :token
            """;
    private static final String POLL_AGE = """
            SELECT (extract(epoch FROM clock_timestamp() - polled_at) * 1000)::bigint FROM lockstep.cursor
            WHERE name = :name AND polled_at IS NOT NULL
            """;
    private static final String MARK = """
            INSERT INTO lockstep.sync_mark (seq, through)
            SELECT coalesce(max(seq), 0), CAST(:through AS timestamptz) FROM lockstep.inbox
            ON CONFLICT (through) DO UPDATE SET seq = greatest(sync_mark.seq, excluded.seq)
            """;
    /** The oldest that waits; asked for state by state, so that each is the first entry of an index. */
    private static final String OLDEST_WAITING = """
            least((SELECT coalesce(min(i.seq), 9223372036854775807) FROM lockstep.inbox i WHERE i.state = 'new'),
              (SELECT coalesce(min(i.seq), 9223372036854775807) FROM lockstep.inbox i WHERE i.state = 'retry'))
            """;

    private static final String FORGET_MARKS = """
            DELETE FROM lockstep.sync_mark WHERE through < (
              SELECT max(m.through) FROM lockstep.sync_mark m WHERE m.seq <\s""" + OLDEST_WAITING + ")";
    private static final String AGED = """
            SELECT through, (greatest(0, extract(epoch FROM clock_timestamp() - through),
              extract(epoch FROM clock_timestamp() - marked_at)) * 1000)::bigint AS age
            FROM lockstep.sync_mark
            """;
    private static final String APPLIED = AGED + """
            WHERE seq <\s""" + OLDEST_WAITING + """
            ORDER BY through DESC LIMIT 1
            """;
    // Only what can change somebody's rights holds this mark back; a type that could not be read may be any type. What
    // has been tried and failed does not: it makes those it names doubtful, and nobody else.
    private static final String APPLIED_FOR_RIGHTS = AGED + """
            WHERE seq < (SELECT coalesce(min(i.seq), 9223372036854775807) FROM lockstep.inbox i
              WHERE i.state = 'new' AND (i.event_type IS NULL
                OR i.event_type ~ '^(user|organization|organization_membership)[.]'))
            ORDER BY through DESC LIMIT 1
            """;

    private Cursors() {}

    /**
     * How far events have come.
     *
     * @param through every one of them up to this time of WorkOS is applied or parked
     * @param age how long ago that is, by the later of the clocks of WorkOS and of the database
     */
    public record Passed(Instant through, Duration age) {}

    /**
     * Where the tail stands.
     *
     * @param event the last event id stored, or null before the first
     * @param eventAt when it happened, or null when that is not known
     * @param boundary where reading began, or begins again
     */
    public record Cursor(
            @Nullable EventId event,
            @Nullable Instant eventAt,
            @Nullable Instant boundary) {}

    static Cursor begin(Tx tx, String name, Instant boundary, long token) {
        tx.sql(BEGIN)
                .param("name", name)
                .param("boundary", boundary.toString())
                .param("token", token)
                .update();
        return read(tx, name).orElseThrow();
    }

    /** Lets a tail that has never polled begin at a time; one that has stays where it stands. */
    public static void beginAt(Tx tx, String name, Instant boundary) {
        begin(tx, name, boundary, 0);
    }

    /** Where the tail of an environment stands; empty before its first poll. */
    public static Optional<Cursor> read(Tx tx, String name) {
        return tx.sql(READ)
                .param("name", name)
                .query((row, number) -> {
                    String event = row.getString("event_id");
                    return new Cursor(
                            event == null ? null : new EventId(event),
                            instant(row.getObject("event_at", OffsetDateTime.class)),
                            instant(row.getObject("boundary", OffsetDateTime.class)));
                })
                .optional();
    }

    /** Moves the cursor if it still stands where the page began; false when somebody else has moved it. */
    static boolean move(Tx tx, String name, Cursor expected, EventId next, @Nullable Instant at, long token) {
        return tx.sql(MOVE)
                        .param("name", name)
                        .param("expected", id(expected))
                        .param("next", next.value())
                        .param("at", at == null ? null : at.toString())
                        .param("token", token)
                        .update()
                == 1;
    }

    /** Forgets the event and begins again at a time; false when somebody else has moved the cursor. */
    static boolean restart(Tx tx, String name, Cursor expected, Instant boundary, long token) {
        return tx.sql(RESTART)
                        .param("name", name)
                        .param("expected", id(expected))
                        .param("boundary", boundary.toString())
                        .param("token", token)
                        .update()
                == 1;
    }

    static void polled(Tx tx, String name, long token) {
        tx.sql(POLLED).param("name", name).param("token", token).update();
    }

    /** Records that every event up to a time has its row in the inbox by now. */
    static void mark(Tx tx, Instant through) {
        tx.sql(MARK).param("through", through.toString()).update();
        tx.sql(FORGET_MARKS).update();
    }

    /** How long ago the tail last reached the end of the Events API; empty when it never has. */
    public static Optional<Duration> pollAge(Tx tx, String name) {
        return tx.sql(POLL_AGE)
                .param("name", name)
                .query((row, number) -> Duration.ofMillis(Math.max(0, row.getLong(1))))
                .optional();
    }

    /** The latest time up to which every event is applied or parked; empty when none is proved. */
    public static Optional<Instant> appliedThrough(Tx tx) {
        return applied(tx).map(Passed::through);
    }

    /** How far events of all kinds are applied; empty when nothing is proved. */
    public static Optional<Passed> applied(Tx tx) {
        return passed(tx, APPLIED);
    }

    /** How far the events that can change somebody's rights are applied; empty when nothing is proved. */
    public static Optional<Passed> appliedForRights(Tx tx) {
        return passed(tx, APPLIED_FOR_RIGHTS);
    }

    private static Optional<Passed> passed(Tx tx, String statement) {
        return tx.sql(statement)
                .query((row, number) -> new Passed(
                        row.getObject("through", OffsetDateTime.class).toInstant(),
                        Duration.ofMillis(row.getLong("age"))))
                .optional();
    }

    private static @Nullable String id(Cursor cursor) {
        return cursor.event() == null ? null : cursor.event().value();
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
