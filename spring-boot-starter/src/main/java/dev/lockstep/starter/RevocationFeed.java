package dev.lockstep.starter;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.Revocations;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Change;
import dev.lockstep.store.feed.FeedListener;
import dev.lockstep.store.feed.Tick;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Hears from the change feed which sessions, memberships and users have ended and who has lost a role, and tells those who hold them in memory:
 * the session reader and the sockets. It must run before anything else that follows the feed.
 */
final class RevocationFeed implements FeedListener {
    private static final String SESSIONS = "workos.sessions";
    private static final String MEMBERSHIPS = "workos.organization_memberships";
    private static final String USERS = "workos.users";

    private static final String ENDED_SESSIONS = """
            SELECT id FROM workos.sessions WHERE deleted_at IS NOT NULL AND id = ANY (string_to_array(:ids, ' '))
            """;
    private static final String ENDED_MEMBERSHIPS = """
            SELECT m.user_id, m.organization_id, coalesce(m.deleted_at, m.event_at, m.applied_at) AS at
            FROM workos.organization_memberships m
            WHERE m.id = ANY (string_to_array(:ids, ' ')) AND (m.deleted_at IS NOT NULL OR m.status <> 'active')
              AND NOT EXISTS (SELECT 1 FROM workos.organization_memberships other
                WHERE other.user_id = m.user_id AND other.organization_id = m.organization_id
                  AND other.deleted_at IS NULL AND other.status = 'active')
            """;
    /** The roles of whoever is a member still, of all their memberships of that organization together. */
    private static final String ROLES = """
            SELECT m.user_id, m.organization_id, array_to_string(array_agg(DISTINCT role), ' ') AS roles
            FROM unnest(CAST(:users AS text[]), CAST(:organizations AS text[])) AS asked (user_id, organization_id)
            JOIN workos.organization_memberships m USING (user_id, organization_id)
            CROSS JOIN unnest(m.role_slugs) AS role
            WHERE m.deleted_at IS NULL AND m.status = 'active'
            GROUP BY m.user_id, m.organization_id
            """;

    private static final String ENDED_USERS = """
            SELECT id, deleted_at AS at FROM workos.users
            WHERE deleted_at IS NOT NULL AND id = ANY (string_to_array(:ids, ' '))
            """;
    /** Whatever ended weeks ago and is known only now has outlived its last token by far. */
    private static final String RECENT = """
            SELECT id FROM %s WHERE applied_at > now() - make_interval(secs => :seconds)
              AND deleted_at > now() - make_interval(secs => :seconds) - interval '14 days'
            """;

    static final String RECENT_SESSIONS = RECENT.formatted(SESSIONS);
    static final String RECENT_USERS = RECENT.formatted(USERS);
    static final String RECENT_MEMBERSHIPS = """
            SELECT id FROM %s WHERE applied_at > now() - make_interval(secs => :seconds)
              AND (deleted_at > now() - make_interval(secs => :seconds) - interval '14 days'
                OR deleted_at IS NULL AND status <> 'active')
            """.formatted(MEMBERSHIPS);

    private final Revocations revocations;
    private final Consumer<Predicate<Caller.SignedIn>> sockets;
    private final Duration memory;

    /** Set by a gap, and at first: what ended in the last token's life is then read from the tables. */
    private boolean fresh = true;

    /**
     * Prepares the listener.
     *
     * @param revocations what the session reader asks
     * @param sockets closes the sockets whose caller matches
     * @param memory how far back to look after a start or a gap: the longest life of a token
     */
    RevocationFeed(Revocations revocations, Consumer<Predicate<Caller.SignedIn>> sockets, Duration memory) {
        this.revocations = revocations;
        this.sockets = sockets;
        this.memory = memory;
    }

    @Override
    public void onTick(Tick tick) {
        Set<String> sessions = new HashSet<>();
        Set<String> memberships = new HashSet<>();
        Set<String> users = new HashSet<>();
        Set<Member> members = new HashSet<>();
        for (Change change : tick.changes()) {
            switch (change.table()) {
                case SESSIONS -> add(sessions, change);
                case MEMBERSHIPS -> {
                    add(memberships, change);
                    addMember(members, change);
                }
                case USERS -> add(users, change);
                default -> {}
            }
        }
        boolean all = fresh;
        if (fresh) {
            sessions.addAll(recent(tick.tx(), RECENT_SESSIONS));
            memberships.addAll(recent(tick.tx(), RECENT_MEMBERSHIPS));
            users.addAll(recent(tick.tx(), RECENT_USERS));
            fresh = false;
        }
        endSessions(tick.tx(), sessions);
        endMemberships(tick.tx(), memberships);
        if (all || !members.isEmpty()) {
            lowerRoles(tick.tx(), member -> all || members.contains(member));
        }
        endUsers(tick.tx(), users);
    }

    @Override
    public void onGap() {
        fresh = true;
    }

    private static void add(Set<String> ids, Change change) {
        var id = change.newKey().get("id");
        if (id != null) {
            ids.add(id.asString(""));
        }
    }

    private static void addMember(Set<Member> members, Change change) {
        var user = change.newKey().get("user_id");
        var organization = change.newKey().get("organization_id");
        if (user != null && organization != null) {
            members.add(new Member(new UserId(user.asString("")), new OrganizationId(organization.asString(""))));
        }
    }

    private List<String> recent(Tx tx, String sql) {
        return tx.sql(sql)
                .param("seconds", (double) memory.toSeconds())
                .query((row, n) -> row.getString(1))
                .list();
    }

    private void endSessions(Tx tx, Set<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Set<SessionId> ended = new HashSet<>();
        tx.sql(ENDED_SESSIONS)
                .param("ids", String.join(" ", ids))
                .query((row, n) -> new SessionId(row.getString(1)))
                .list()
                .forEach(ended::add);
        ended.forEach(revocations::revokeSession);
        if (!ended.isEmpty()) {
            sockets.accept(caller -> ended.contains(caller.session()));
        }
    }

    private record Member(UserId user, OrganizationId organization) {}

    private void endMemberships(Tx tx, Set<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Set<Member> ended = new HashSet<>();
        tx.sql(ENDED_MEMBERSHIPS)
                .param("ids", String.join(" ", ids))
                .query((row, n) -> {
                    Member member = new Member(
                            new UserId(row.getString("user_id")), new OrganizationId(row.getString("organization_id")));
                    revocations.revokeMembership(member.user(), member.organization(), at(row));
                    return member;
                })
                .list()
                .forEach(ended::add);
        if (!ended.isEmpty()) {
            sockets.accept(caller -> caller.organizationId() != null
                    && ended.contains(new Member(caller.user(), caller.organizationId())));
        }
    }

    /**
     * Ends the sockets that speak with a role that was taken from them; the page fetches a token that says what it may now.
     * One with a new role goes on: it only has less than it could.
     */
    private void lowerRoles(Tx tx, Predicate<Member> changed) {
        Set<Member> asked = new HashSet<>();
        Set<Member> wanted = connected(changed, asked);
        while (!wanted.isEmpty()) {
            asked.addAll(wanted);
            Map<Member, Set<String>> roles = roles(tx, List.copyOf(wanted));
            sockets.accept(caller -> caller.organizationId() != null
                    && hasMoreThan(roles.get(new Member(caller.user(), caller.organizationId())), caller));
            wanted = connected(changed, asked);
        }
    }

    /** Who of the changed holds a socket. Those who came while others were asked for are in the next round. */
    private Set<Member> connected(Predicate<Member> changed, Set<Member> asked) {
        Set<Member> connected = new HashSet<>();
        sockets.accept(caller -> {
            if (caller.organizationId() != null) {
                connected.add(new Member(caller.user(), caller.organizationId()));
            }
            return false;
        });
        connected.removeIf(member -> asked.contains(member) || !changed.test(member));
        return connected;
    }

    private static Map<Member, Set<String>> roles(Tx tx, List<Member> members) {
        Map<Member, Set<String>> roles = new HashMap<>();
        tx.sql(ROLES)
                .param(
                        "users",
                        members.stream().map(member -> member.user().value()).toArray(String[]::new))
                .param(
                        "organizations",
                        members.stream()
                                .map(member -> member.organization().value())
                                .toArray(String[]::new))
                .query((row, n) -> roles.put(
                        new Member(
                                new UserId(row.getString("user_id")),
                                new OrganizationId(row.getString("organization_id"))),
                        Set.of(row.getString("roles").split(" "))))
                .list();
        return roles;
    }

    private static boolean hasMoreThan(@Nullable Set<String> roles, Caller.SignedIn caller) {
        return roles != null && caller.roles().stream().anyMatch(role -> !roles.contains(role.value()));
    }

    private void endUsers(Tx tx, Set<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Set<UserId> ended = new HashSet<>();
        tx.sql(ENDED_USERS)
                .param("ids", String.join(" ", ids))
                .query((row, n) -> {
                    UserId user = new UserId(row.getString("id"));
                    revocations.revokeUser(user, at(row));
                    return user;
                })
                .list()
                .forEach(ended::add);
        if (!ended.isEmpty()) {
            sockets.accept(caller -> ended.contains(caller.user()));
        }
    }

    private static Instant at(java.sql.ResultSet row) throws java.sql.SQLException {
        return row.getObject("at", OffsetDateTime.class).toInstant();
    }
}
