package dev.lockstep.notify;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Change;
import dev.lockstep.store.feed.DurableConsumer;
import dev.lockstep.store.feed.DurableReader;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Leaves a notification when somebody joins an organization, for those who run it, and when a session is revoked, for
 * its user. Each event is told a reader once. What only a backfill or a
 * login has brought is not news: such a row names no event.
 */
public final class FeedNotices implements DurableConsumer {
    private static final String NAME = "notify";
    private static final String MEMBERSHIPS = "workos.organization_memberships";
    private static final String SESSIONS = "workos.sessions";
    private static final String JOINED = """
            SELECT DISTINCT m.id AS membership, m.user_id AS member, r.user_id AS reader, m.organization_id AS organization,
              coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.name, u.email, 'Somebody') AS who,
              coalesce(o.name, 'your organization') AS name
            FROM workos.organization_memberships m
            JOIN workos.organization_memberships_live r
              ON r.organization_id = m.organization_id AND r.user_id <> m.user_id
            LEFT JOIN workos.users u ON u.id = m.user_id
            LEFT JOIN workos.organizations o ON o.id = m.organization_id
            WHERE m.id = ANY (:ids) AND m.deleted_at IS NULL AND m.status = 'active'
              AND m.event_id IS NOT NULL
              AND m.created_at > clock_timestamp() - make_interval(secs => :news)
              AND r.status = 'active' AND r.role_slugs && :roles::text[]
            ORDER BY membership, reader
            """;
    private static final String REVOKED = """
            SELECT s.id AS session, s.user_id AS reader
            FROM workos.sessions s
            WHERE s.id = ANY (:ids) AND s.deleted_at IS NOT NULL AND s.status IS DISTINCT FROM 'expired'
              AND s.event_id IS NOT NULL
              AND s.deleted_at > clock_timestamp() - make_interval(secs => :news)
              AND NOT EXISTS (SELECT FROM workos.users u WHERE u.id = s.user_id AND u.deleted_at IS NOT NULL)
            ORDER BY session
            """;

    private final Notifications notifications;
    private final NoticeSettings settings;

    public FeedNotices(Notifications notifications, NoticeSettings settings) {
        this.notifications = notifications;
        this.settings = settings;
    }

    private record Joined(
            String membership, String member, String reader, String organization, String who, String name) {}

    private record Revoked(String session, String reader) {}

    /** The reader that feeds this; still to be started and added to the node's feed. */
    public DurableReader reader(Database database) {
        return new DurableReader(database, NAME, DurableReader.Start.NOW, this);
    }

    @Override
    public Set<String> tables() {
        return Set.of(MEMBERSHIPS, SESSIONS);
    }

    @Override
    public void consume(Tx tx, List<Change> changes) {
        tellOfMembers(tx, ids(changes, MEMBERSHIPS));
        tellOfSessions(tx, ids(changes, SESSIONS));
    }

    private void tellOfMembers(Tx tx, String[] memberships) {
        if (memberships.length == 0) {
            return;
        }
        String[] roles = settings.told().stream().map(RoleSlug::value).toArray(String[]::new);
        List<Joined> all = tx.sql(JOINED)
                .param("ids", memberships)
                .param("roles", roles)
                .param("news", settings.news().toSeconds())
                .query((rs, row) -> new Joined(
                        rs.getString("membership"),
                        rs.getString("member"),
                        rs.getString("reader"),
                        rs.getString("organization"),
                        rs.getString("who"),
                        rs.getString("name")))
                .list();
        for (Joined joined : all) {
            notifications.leave(
                    tx,
                    new Notification(
                            new UserId(joined.reader),
                            new OrganizationId(joined.organization),
                            ChannelKind.IN_APP,
                            "New member",
                            joined.who + " joined " + joined.name + ".",
                            Map.of("membershipId", joined.membership, "userId", joined.member),
                            "joined:" + joined.membership + ":" + joined.reader));
        }
    }

    private void tellOfSessions(Tx tx, String[] sessions) {
        if (sessions.length == 0) {
            return;
        }
        List<Revoked> all = tx.sql(REVOKED)
                .param("ids", sessions)
                .param("news", settings.news().toSeconds())
                .query((rs, row) -> new Revoked(rs.getString("session"), rs.getString("reader")))
                .list();
        for (Revoked revoked : all) {
            notifications.leave(
                    tx,
                    new Notification(
                            new UserId(revoked.reader),
                            null,
                            ChannelKind.IN_APP,
                            "Session ended",
                            "One of your sessions was ended. If that was not you, look at your sessions.",
                            Map.of("sessionId", revoked.session),
                            "session-revoked:" + revoked.session));
        }
    }

    private static String[] ids(List<Change> changes, String table) {
        return changes.stream()
                .filter(change -> change.table().equals(table))
                .map(change -> id(change.newKey().get("id")))
                .filter(Objects::nonNull)
                .distinct()
                .toArray(String[]::new);
    }

    private static @Nullable String id(@Nullable JsonNode value) {
        return value == null ? null : value.asString();
    }
}
