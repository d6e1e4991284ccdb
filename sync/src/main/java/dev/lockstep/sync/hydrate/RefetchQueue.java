package dev.lockstep.sync.hydrate;

import dev.lockstep.store.Tx;
import dev.lockstep.workos.object.ObjectKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Owns {@code lockstep.refetch}: the only SQL that touches it. An object stands in it once, whoever wants it. */
public final class RefetchQueue {
    /**
     * What waits and has not been asked for yet shows whatever this transaction knows, and is left as it is. It is not
     * even touched: who asks, asks after claiming it, and what is not claimed when this looks is asked for later.
     */
    private static final String ADD = """
            INSERT INTO lockstep.refetch AS r (kind, key, reason, due_at)
            SELECT kind, key, reason, clock_timestamp() + make_interval(secs => seconds)
            FROM jsonb_to_recordset(CAST(:wanted AS jsonb)) AS w (kind text, key jsonb, reason text, seconds float8)
            WHERE NOT EXISTS (SELECT FROM lockstep.refetch h WHERE h.kind = w.kind AND h.key = w.key
              AND (w.reason = 'parent'
                OR h.attempts = 0 AND h.due_at <= clock_timestamp() + make_interval(secs => w.seconds)))
            ORDER BY kind, key
            ON CONFLICT (kind, key) DO UPDATE SET asked_at = clock_timestamp(), reason = excluded.reason,
              due_at = least(r.due_at, excluded.due_at), attempts = 0
            WHERE excluded.reason <> 'parent' AND (r.attempts > 0 OR r.due_at > excluded.due_at)
            """;

    private static final String CLAIM = """
            UPDATE lockstep.refetch r SET attempts = r.attempts + 1,
              due_at = clock_timestamp() + make_interval(secs => :seconds)
            FROM (
              SELECT kind, key FROM lockstep.refetch WHERE due_at <= clock_timestamp()
              ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED) AS due
            WHERE r.kind = due.kind AND r.key = due.key
            RETURNING r.kind, r.key, r.reason, r.asked_at, r.attempts
            """;
    private static final String DONE = """
            DELETE FROM lockstep.refetch
            WHERE kind = :kind AND key = CAST(:key AS jsonb) AND asked_at = :askedAt
            """;
    private static final String POSTPONE = """
            UPDATE lockstep.refetch SET due_at = clock_timestamp() + make_interval(secs => :seconds)
            WHERE kind = :kind AND key = CAST(:key AS jsonb) AND asked_at = :askedAt
            """;
    private static final String DOUBT = """
            UPDATE lockstep.refetch SET reason = 'gone', attempts = 0,
              due_at = clock_timestamp() + make_interval(secs => :seconds)
            WHERE kind = :kind AND key = CAST(:key AS jsonb) AND asked_at = :askedAt
            """;
    private static final String PUT_BACK = """
            UPDATE lockstep.refetch SET attempts = greatest(attempts - 1, 0),
              due_at = clock_timestamp() + make_interval(secs => :seconds)
            WHERE kind = :kind AND key = CAST(:key AS jsonb) AND asked_at = :askedAt
            """;
    private static final String WAITING = "SELECT count(*) FROM lockstep.refetch";

    private static final JsonMapper JSON = JsonMapper.shared();

    private RefetchQueue() {}

    /**
     * Something to ask for, held until its lease is over.
     *
     * @param wanted what
     * @param askedAt tells whether it was wanted again since
     * @param attempts this one included
     */
    record Claimed(Wanted wanted, Instant askedAt, int attempts) {}

    /** Adds what is wanted, in the transaction that found out; each object at most once per call. */
    public static void add(Tx tx, Collection<Wanted> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        for (Wanted one : wanted) {
            ObjectNode row = rows.addObject();
            row.put("kind", column(one.kind()));
            one.key().forEach(row.putArray("key")::add);
            row.put("reason", one.reason().column());
            row.put("seconds", one.reason().grace().toMillis() / 1000.0);
        }
        tx.sql(ADD).param("wanted", rows.toString()).update();
    }

    /** Returns how many objects wait to be fetched. */
    public static long waiting(Tx tx) {
        return tx.sql(WAITING).query(Long.class).single();
    }

    static List<Claimed> claim(Tx tx, int limit, Duration lease) {
        return tx.sql(CLAIM)
                .param("limit", limit)
                .param("seconds", lease.toMillis() / 1000.0)
                .query(RefetchQueue::row)
                .list();
    }

    /** Takes it off, unless it was wanted again since it was claimed. */
    static void done(Tx tx, Claimed claimed) {
        bound(tx, DONE, claimed).update();
    }

    static void postpone(Tx tx, Claimed claimed, Duration delay) {
        bound(tx, POSTPONE, claimed).param("seconds", delay.toMillis() / 1000.0).update();
    }

    /** Notes that WorkOS said it is gone, and asks once more later; unless it was wanted again since. */
    static void doubt(Tx tx, Claimed claimed) {
        bound(tx, DOUBT, claimed)
                .param("seconds", Wanted.Reason.GONE.grace().toMillis() / 1000.0)
                .update();
    }

    /** As if it had not been claimed. */
    static void putBack(Tx tx, Claimed claimed, Duration delay) {
        bound(tx, PUT_BACK, claimed).param("seconds", delay.toMillis() / 1000.0).update();
    }

    private static JdbcClient.StatementSpec bound(Tx tx, String sql, Claimed claimed) {
        Wanted wanted = claimed.wanted();
        ArrayNode key = JsonNodeFactory.instance.arrayNode();
        wanted.key().forEach(key::add);
        return tx.sql(sql)
                .param("kind", column(wanted.kind()))
                .param("key", key.toString())
                .param("askedAt", claimed.askedAt().atOffset(ZoneOffset.UTC));
    }

    private static Claimed row(ResultSet row, int number) throws SQLException {
        List<String> key = new ArrayList<>();
        for (JsonNode part : JSON.readTree(row.getString("key"))) {
            key.add(part.stringValue());
        }
        ObjectKind kind = ObjectKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT));
        return new Claimed(
                new Wanted(kind, key, Wanted.Reason.of(row.getString("reason"))),
                row.getObject("asked_at", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"));
    }

    private static String column(ObjectKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
