package dev.lockstep.sync.freshness;

import dev.lockstep.identity.UserId;
import dev.lockstep.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why the mirror shows a user as it does, or does not: everything that is known of them on the way. It judges nothing
 * and holds no value of theirs. Reading looks through the newest hundred thousand events, for operators only.
 *
 * @param row of the user; empty when none ever came
 * @param events whose bytes name the user, the newest first, at most twenty
 * @param refetches what is to be asked of WorkOS once more about the user and their memberships
 * @param compared the last comparison of the whole mirror, if any
 * @param drift what it found of the user and their memberships
 * @param memberships those that have no effect, with the reason
 * @param appliedThrough every event up to then is in the mirror or parked; empty when nothing is proved
 */
public record UserTrail(
        Optional<Row> row,
        List<Event> events,
        List<Refetch> refetches,
        Optional<Instant> compared,
        List<Found> drift,
        List<Idle> memberships,
        Optional<Instant> appliedThrough) {
    private static final String ROW = """
            SELECT source, event_id, updated_at, applied_at, deleted_at, deleted_by FROM workos.users WHERE id = :user
            """;
    private static final String EVENTS = """
            WITH near AS (
              (SELECT seq FROM lockstep.inbox WHERE state IN ('new', 'retry', 'parked') ORDER BY seq DESC LIMIT 100000)
              UNION (SELECT seq FROM lockstep.inbox ORDER BY seq DESC LIMIT 100000))
            SELECT i.event_id, i.event_type, i.source, i.state, i.reason, i.attempts, i.received_at, i.next_at
            FROM near JOIN lockstep.inbox i USING (seq)
            WHERE position(convert_to(:user, 'UTF8') IN i.body) > 0 ORDER BY i.seq DESC LIMIT 20
            """;
    private static final String REFETCHES = """
            SELECT r.kind, r.reason, r.asked_at, r.due_at, r.attempts FROM lockstep.refetch r
            WHERE r.key = to_jsonb(ARRAY[:user]) OR EXISTS (
              SELECT FROM workos.organization_memberships m WHERE m.user_id = :user AND r.key = to_jsonb(ARRAY[m.id]))
            ORDER BY r.asked_at LIMIT 20
            """;
    private static final String COMPARED =
            "SELECT finished_at FROM lockstep.reconcile_verdict ORDER BY walk_id DESC LIMIT 1";
    private static final String DRIFT = """
            SELECT d.kind, d.key, d.category, array_to_string(d.fields, ' ') AS fields, d.repaired FROM lockstep.drift d
            WHERE d.walk_id = (SELECT max(walk_id) FROM lockstep.reconcile_verdict) AND (
              d.kind = 'users' AND d.key = :user OR d.kind = 'organization_memberships' AND d.key IN (
                SELECT m.id FROM workos.organization_memberships m WHERE m.user_id = :user))
            ORDER BY 1, 2 LIMIT 20
            """;
    private static final String IDLE = """
            SELECT m.id, m.organization_id, coalesce(m.status, '') AS status, m.deleted_at, m.deleted_by,
              o.id IS NULL AS orphan, o.deleted_at IS NOT NULL AS gone
            FROM workos.organization_memberships m LEFT JOIN workos.organizations o ON o.id = m.organization_id
            WHERE m.user_id = :user AND (m.deleted_at IS NOT NULL OR m.status IS DISTINCT FROM 'active'
              OR o.id IS NULL OR o.deleted_at IS NOT NULL)
            ORDER BY m.created_at NULLS LAST, m.id LIMIT 20
            """;

    public UserTrail {
        events = List.copyOf(events);
        refetches = List.copyOf(refetches);
        drift = List.copyOf(drift);
        memberships = List.copyOf(memberships);
    }

    /**
     * The row of a user, deleted or not.
     *
     * @param by who brought what it shows: webhook, tail, snapshot, login
     * @param event the newest event it knows, or null
     * @param changedAt what WorkOS says, or null
     * @param deletedBy the event that ended it, {@code snapshot} when WorkOS was asked, or null
     */
    public record Row(
            String by,
            @Nullable String event,
            @Nullable Instant changedAt,
            Instant appliedAt,
            @Nullable Instant deletedAt,
            @Nullable String deletedBy) {}

    /**
     * An event that names the user.
     *
     * @param type or null when it could not be read
     * @param reason why it failed, or null
     */
    public record Event(
            String id,
            @Nullable String type,
            String source,
            String state,
            @Nullable String reason,
            int attempts,
            Instant receivedAt,
            Instant nextAt) {}

    /** Something to be asked of WorkOS once more. */
    public record Refetch(String kind, String reason, Instant askedAt, Instant dueAt, int attempts) {}

    /** What the last comparison found. */
    public record Found(String kind, String key, String category, String fields, boolean repaired) {}

    /**
     * A membership without effect.
     *
     * @param why in a word: ended, status, organization missing, organization gone
     */
    public record Idle(String membership, String organization, String why) {}

    /** Reads everything at the snapshot of the caller's transaction. */
    public static UserTrail read(Tx tx, String environment, UserId user) {
        return new UserTrail(
                tx.sql(ROW)
                        .param("user", user.value())
                        .query((row, n) -> row(row))
                        .optional(),
                tx.sql(EVENTS)
                        .param("user", user.value())
                        .query((row, n) -> event(row))
                        .list(),
                tx.sql(REFETCHES)
                        .param("user", user.value())
                        .query((row, n) -> new Refetch(
                                row.getString("kind"),
                                row.getString("reason"),
                                instant(row, "asked_at"),
                                instant(row, "due_at"),
                                row.getInt("attempts")))
                        .list(),
                tx.sql(COMPARED).query((row, n) -> instant(row, "finished_at")).optional(),
                tx.sql(DRIFT)
                        .param("user", user.value())
                        .query((row, n) -> new Found(
                                row.getString("kind"),
                                row.getString("key"),
                                row.getString("category"),
                                row.getString("fields"),
                                row.getBoolean("repaired")))
                        .list(),
                tx.sql(IDLE)
                        .param("user", user.value())
                        .query((row, n) -> idle(row))
                        .list(),
                MirrorStatus.read(tx, environment).appliedThrough());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString("source"),
                row.getString("event_id"),
                maybe(row, "updated_at"),
                instant(row, "applied_at"),
                maybe(row, "deleted_at"),
                row.getString("deleted_by"));
    }

    private static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getString("event_id"),
                row.getString("event_type"),
                row.getString("source"),
                row.getString("state"),
                row.getString("reason"),
                row.getInt("attempts"),
                instant(row, "received_at"),
                instant(row, "next_at"));
    }

    private static Idle idle(ResultSet row) throws SQLException {
        String why = row.getTimestamp("deleted_at") != null
                ? "ended by " + row.getString("deleted_by")
                : row.getBoolean("orphan")
                        ? "its organization has not arrived"
                        : row.getBoolean("gone")
                                ? "its organization is gone"
                                : "its status is " + row.getString("status");
        return new Idle(row.getString("id"), row.getString("organization_id"), why);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant maybe(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
