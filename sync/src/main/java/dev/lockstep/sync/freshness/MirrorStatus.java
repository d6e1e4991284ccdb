package dev.lockstep.sync.freshness;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.tail.Cursors;
import dev.lockstep.sync.tail.Cursors.Passed;
import dev.lockstep.sync.tail.EventsTail;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator wants to know of the mirror, at one snapshot and by the clock of the database. It is the same
 * on every node. It judges nothing.
 *
 * @param appliedThrough every event up to this time of WorkOS is in the mirror or parked; empty when nothing is proved
 * @param lag how long ago that is
 * @param rightsAge how long ago everything that can change rights was in; empty when nothing is proved
 * @param tail who reads the Events API and how far
 * @param inbox what waits
 * @param queues what else waits
 */
public record MirrorStatus(
        Optional<Instant> appliedThrough,
        Optional<Duration> lag,
        Optional<Duration> rightsAge,
        Tail tail,
        Inbox inbox,
        Queues queues) {
    private static final String TAIL = """
            SELECT c.event_id,
              (extract(epoch FROM clock_timestamp() - c.event_at) * 1000)::bigint AS cursor_age,
              (extract(epoch FROM clock_timestamp() - c.polled_at) * 1000)::bigint AS poll_age,
              l.holder::text AS holder, l.token
            FROM (SELECT 1) AS one
            LEFT JOIN lockstep.cursor c ON c.name = :name
            LEFT JOIN lockstep.lease l ON l.name = :lease AND l.expires_at > clock_timestamp()
            """;
    private static final String STATES = """
            SELECT state, count(*) AS events,
              greatest(0, extract(epoch FROM clock_timestamp() - min(received_at)) * 1000)::bigint AS oldest
            FROM lockstep.inbox WHERE state IN ('new', 'retry') GROUP BY state
            UNION ALL
            SELECT state, count(*),
              greatest(0, extract(epoch FROM clock_timestamp() - min(received_at)) * 1000)::bigint
            FROM lockstep.inbox WHERE state = 'parked' GROUP BY state
            """;
    private static final String APPLY_LAG = """
            SELECT source, (max(extract(epoch FROM finished_at - received_at)) * 1000)::bigint AS slowest
            FROM (SELECT source, state, received_at, finished_at FROM lockstep.inbox ORDER BY seq DESC LIMIT 500) newest
            WHERE state = 'done' GROUP BY source
            """;

    private static final String QUEUES = """
            SELECT (SELECT count(*) FROM lockstep.refetch) AS refetch,
              (SELECT count(*) FROM lockstep.outbox WHERE state IN ('new', 'retry')) AS tellings,
              (SELECT count(*) FROM lockstep.outbox WHERE state = 'parked') AS parked
            """;

    /** What waits in the inbox. */
    public enum State {
        NEW,
        RETRY,
        PARKED
    }

    /**
     * The Events tail.
     *
     * @param cursor the last event stored; empty before the first
     * @param cursorAge how old that event is; WorkOS forgets after a few weeks
     * @param pollAge how long ago the end was reached; empty when it never was
     * @param holder the node that holds the lease; empty when nobody does
     */
    public record Tail(
            Optional<EventId> cursor,
            Optional<Duration> cursorAge,
            Optional<Duration> pollAge,
            Optional<String> holder) {}

    /**
     * What waits behind the inbox.
     *
     * @param refetch objects that WorkOS is to be asked for once more
     * @param tellings changes that listeners of the application have not been told yet
     * @param parkedTellings those that were given up
     */
    public record Queues(long refetch, long tellings, long parkedTellings) {}

    /** @param oldest how long the oldest event of the state has been here */
    public record Waiting(long events, Duration oldest) {
        static final Waiting NOTHING = new Waiting(0, Duration.ZERO);
    }

    /**
     * The inbox.
     *
     * @param states every state of {@link State}
     * @param applyLag by mouth, the slowest way from receipt to mirror among the newest 500 events; a mouth that brought
     *     none of them is missing
     */
    public record Inbox(Map<State, Waiting> states, Map<String, Duration> applyLag) {
        public Inbox {
            states = Map.copyOf(states);
            applyLag = Map.copyOf(applyLag);
        }

        /** Events stored and not yet applied, those that wait for another try included. */
        public long unapplied() {
            return of(State.NEW).events() + of(State.RETRY).events();
        }

        /** How long the oldest unapplied event has waited; zero when there is none. */
        public Duration oldestUnapplied() {
            Duration fresh = of(State.NEW).oldest();
            Duration again = of(State.RETRY).oldest();
            return fresh.compareTo(again) > 0 ? fresh : again;
        }

        /** What is known of one state. */
        public Waiting of(State state) {
            return states.getOrDefault(state, Waiting.NOTHING);
        }
    }

    /**
     * Reads it in the caller's transaction.
     *
     * @param environment the name the Events tail runs under
     */
    public static MirrorStatus read(Tx tx, String environment) {
        Optional<Passed> applied = Cursors.applied(tx);
        return new MirrorStatus(
                applied.map(Passed::through),
                applied.map(Passed::age),
                Cursors.appliedForRights(tx).map(Passed::age),
                tail(tx, environment),
                new Inbox(states(tx), applyLag(tx)),
                tx.sql(QUEUES)
                        .query((row, number) -> new Queues(row.getLong(1), row.getLong(2), row.getLong(3)))
                        .single());
    }

    private static Tail tail(Tx tx, String environment) {
        return tx.sql(TAIL)
                .param("name", environment)
                .param("lease", EventsTail.leaseName(environment))
                .query((row, number) -> new Tail(
                        Optional.ofNullable(row.getString("event_id")).map(EventId::new),
                        age(row.getObject("cursor_age", Long.class)),
                        age(row.getObject("poll_age", Long.class)),
                        Optional.ofNullable(row.getString("holder"))))
                .single();
    }

    private static Optional<Duration> age(@Nullable Long millis) {
        return Optional.ofNullable(millis).map(value -> Duration.ofMillis(Math.max(0, value)));
    }

    private static Map<State, Waiting> states(Tx tx) {
        Map<State, Waiting> states = new HashMap<>();
        for (State state : State.values()) {
            states.put(state, Waiting.NOTHING);
        }
        tx.sql(STATES)
                .query((row, number) -> states.put(
                        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                        new Waiting(row.getLong("events"), Duration.ofMillis(row.getLong("oldest")))))
                .list();
        return states;
    }

    private static Map<String, Duration> applyLag(Tx tx) {
        Map<String, Duration> lag = new HashMap<>();
        tx.sql(APPLY_LAG)
                .query((row, number) ->
                        lag.put(row.getString("source"), Duration.ofMillis(Math.max(0, row.getLong("slowest")))))
                .list();
        return lag;
    }
}
