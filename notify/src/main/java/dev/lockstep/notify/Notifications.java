package dev.lockstep.notify;

import dev.lockstep.identity.UserId;
import dev.lockstep.store.Tx;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/**
 * Owns {@code app.notifications}: PENDING or QUEUED, then PROCESSING while a worker holds it, then SENT, or PENDING
 * again, or FAILED after the last attempt. Stateless and thread-safe.
 */
public final class Notifications {
    private static final String LEAVE = """
            INSERT INTO app.notifications
              (workos_user_id, organization_id, channel, status, subject, message, metadata, dedupe_key, sent_at)
            VALUES (:to, :organization, :channel, :status, :subject, :message, :metadata::jsonb, :dedupeKey,
              CASE WHEN :status = 'SENT' THEN clock_timestamp() END)
            ON CONFLICT (dedupe_key) DO NOTHING
            """;
    private static final String MARK_READ = """
            UPDATE app.notifications SET read_at = clock_timestamp()
            WHERE id = :id AND workos_user_id = :reader AND read_at IS NULL
            """;
    private static final String CLAIM = """
            UPDATE app.notifications SET status = 'PROCESSING', attempts = attempts + 1,
              next_at = clock_timestamp() + make_interval(secs => :lease)
            WHERE id IN (
              SELECT id FROM app.notifications
              WHERE status IN ('PENDING', 'QUEUED', 'PROCESSING') AND next_at <= clock_timestamp()
                AND channel = ANY (:channels)
              ORDER BY next_at LIMIT :most FOR UPDATE SKIP LOCKED)
            RETURNING id, workos_user_id AS reader, channel, subject, message, attempts
            """;
    private static final String SENT = """
            UPDATE app.notifications SET status = 'SENT', sent_at = clock_timestamp(), error = NULL
            WHERE id = :id AND status = 'PROCESSING' AND attempts = :attempt
            """;
    private static final String AGAIN = """
            UPDATE app.notifications SET status = 'PENDING', error = :error,
              next_at = clock_timestamp() + make_interval(secs => :wait)
            WHERE id = :id AND status = 'PROCESSING' AND attempts = :attempt
            """;
    private static final String FAILED = """
            UPDATE app.notifications SET status = 'FAILED', error = :error, failed_at = clock_timestamp()
            WHERE id = :id AND status = 'PROCESSING' AND attempts = :attempt
            """;
    private static final String RELEASE = """
            UPDATE app.notifications SET status = 'PENDING', attempts = 0, failed_at = NULL, next_at = clock_timestamp()
            WHERE id = :id AND status = 'FAILED'
            """;
    private static final String CANCEL = """
            UPDATE app.notifications SET status = 'CANCELLED'
            WHERE id = :id AND status IN ('PENDING', 'QUEUED', 'FAILED')
            """;

    private final JsonMapper json = JsonMapper.builder().build();

    /** A notification that a worker holds, and which attempt that is. */
    record Claimed(UUID id, String reader, ChannelKind channel, String subject, String message, int attempts) {}

    /**
     * Stores it in the caller's transaction; one for the application itself is SENT at once.
     *
     * @return whether it is new; false when the same event was told this reader before
     */
    public boolean leave(Tx tx, Notification notification) {
        var organization = notification.organizationId();
        return tx.sql(LEAVE)
                        .param("to", notification.to().value())
                        .param("organization", organization == null ? null : organization.value())
                        .param("channel", notification.channel().name())
                        .param("status", notification.channel() == ChannelKind.IN_APP ? "SENT" : "PENDING")
                        .param("subject", notification.subject())
                        .param("message", notification.message())
                        .param("metadata", json.writeValueAsString(notification.metadata()))
                        .param("dedupeKey", notification.dedupeKey())
                        .update()
                == 1;
    }

    /** Marks one of the reader's own as read; returns false when there is no such unread one. */
    public boolean markRead(Tx tx, UserId reader, UUID id) {
        return tx.sql(MARK_READ).param("id", id).param("reader", reader.value()).update() == 1;
    }

    /** Lets a FAILED one be tried again from the first attempt on; returns whether there was one. */
    public boolean release(Tx tx, UUID id) {
        return tx.sql(RELEASE).param("id", id).update() == 1;
    }

    /**
     * Calls one back for good that waits for its delivery, or that was given up. One that a channel has just now, or that has
     * arrived, cannot be called back.
     *
     * @return whether there was one to call back
     */
    public boolean cancel(Tx tx, UUID id) {
        return tx.sql(CANCEL).param("id", id).update() == 1;
    }

    List<Claimed> claim(Tx tx, Collection<ChannelKind> channels, Duration lease, int most) {
        return tx.sql(CLAIM)
                .param("lease", lease.toMillis() / 1000.0)
                .param("channels", channels.stream().map(Enum::name).toArray(String[]::new))
                .param("most", most)
                .query((rs, row) -> new Claimed(
                        rs.getObject("id", UUID.class),
                        rs.getString("reader"),
                        ChannelKind.valueOf(rs.getString("channel")),
                        rs.getString("subject"),
                        rs.getString("message"),
                        rs.getInt("attempts")))
                .list();
    }

    /** Returns false, as the two below, when the lease was over and somebody else holds it. */
    boolean sent(Tx tx, Claimed claimed) {
        return tx.sql(SENT)
                        .param("id", claimed.id)
                        .param("attempt", claimed.attempts)
                        .update()
                == 1;
    }

    boolean again(Tx tx, Claimed claimed, String error, Duration wait) {
        return tx.sql(AGAIN)
                        .param("id", claimed.id)
                        .param("attempt", claimed.attempts)
                        .param("error", error)
                        .param("wait", wait.toMillis() / 1000.0)
                        .update()
                == 1;
    }

    boolean failed(Tx tx, Claimed claimed, String error) {
        return tx.sql(FAILED)
                        .param("id", claimed.id)
                        .param("attempt", claimed.attempts)
                        .param("error", error)
                        .update()
                == 1;
    }
}
