package dev.lockstep.sync.projection;

import static dev.lockstep.sync.Wire.membership;
import static dev.lockstep.sync.Wire.organization;
import static dev.lockstep.sync.Wire.session;
import static dev.lockstep.sync.Wire.user;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.projection.Worlds.Script;
import dev.lockstep.sync.projection.Worlds.World;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsSession;
import dev.lockstep.workos.object.WorkOsUser;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Every order of every script over users, organizations, memberships and sessions, through the real SQL. */
class MergeOrderTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Worlds worlds = new Worlds(new Database(postgres.dataSource()));

    static Stream<Script> scripts() {
        return Stream.of(
                userLife(),
                membershipBeforeParents(),
                deletedUserTakesEverythingAlong(),
                sessionRevocation(),
                snapshotsBetweenEvents(),
                tiesAndContradictions(),
                leftAndReturned(),
                sevenAcrossAllTables());
    }

    @BeforeEach
    void emptyTables() {
        worlds.clear();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void everyOrderEndsInTheSameRows(Script script) {
        worlds.assertOneEnding(script, Worlds.permutations(script.steps().size()));
    }

    private static Script userLife() {
        return new Script(
                "a user is created, changed and deleted, and the deletion shows an old time of change",
                List.of(
                        w -> w.event("e1", "user.created", user(w.id("u"), "A", 1), 1),
                        w -> w.event("e2", "user.updated", user(w.id("u"), "B", 20), 20),
                        w -> w.event("e3", "user.updated", user(w.id("u"), "C", 30), 30),
                        w -> w.event("e4", "user.deleted", user(w.id("u"), "C", 30), 40),
                        w -> w.event("e5", "user.created", user(w.id("v"), "V", 45), 45),
                        w -> w.event("e6", "user.updated", user(w.id("v"), "W", 46), 46)),
                Map.of("users u", "gone by e4", "users v", "live W"));
    }

    private static Script membershipBeforeParents() {
        return new Script(
                "a membership, its user and its organization, and changes of all three",
                List.of(
                        w -> w.event("e1", "user.created", user(w.id("u"), "A", 1), 1),
                        w -> w.event("e2", "organization.created", organization(w.id("o"), "Acme", 2), 2),
                        w -> w.event("e3", "organization_membership.created", member(w, "m", "member", 3), 3),
                        w -> w.event("e4", "organization_membership.updated", member(w, "m", "admin", 4), 4),
                        w -> w.event("e5", "organization.updated", organization(w.id("o"), "Acme 2", 5), 5),
                        w -> w.event("e6", "user.updated", user(w.id("u"), "B", 6), 6)),
                Map.of(
                        "users u", "live B",
                        "organizations o", "live Acme 2",
                        "organization_memberships m", "live admin"));
    }

    private static Script deletedUserTakesEverythingAlong() {
        return new Script(
                "a deleted user takes memberships and sessions along, whichever is heard of first",
                List.of(
                        w -> w.event("e1", "user.created", user(w.id("u"), "A", 1), 1),
                        w -> w.event("e2", "organization_membership.created", member(w, "m", "member", 3), 3),
                        w -> w.event("e3", "session.created", session(w.id("s"), w.id("u"), "active", 4), 4),
                        w -> w.event("e4", "organization.deleted", organization(w.id("o"), "Acme", 2), 9),
                        w -> w.event("e5", "user.deleted", user(w.id("u"), "A", 1), 8),
                        w -> w.event("e6", "organization_membership.deleted", member(w, "m", "member", 3), 10)),
                Map.of(
                        "users u", "gone by e5",
                        "organizations o", "gone by e4",
                        "organization_memberships m", "gone by e5",
                        "sessions s", "gone by e5"));
    }

    private static Script sessionRevocation() {
        return new Script(
                "a revoked session stays revoked, and one that a reply shows as ended too",
                List.of(
                        w -> w.event("e1", "session.created", session(w.id("s"), w.id("u"), "active", 1), 1),
                        w -> w.event("e2", "session.revoked", session(w.id("s"), w.id("u"), "revoked", 5), 5),
                        w -> w.snapshot(sessionSeen(w, "s", "active", 1), 3),
                        w -> w.snapshot(sessionSeen(w, "s", "active", 1), 9),
                        w -> w.event("e3", "session.created", session(w.id("t"), w.id("u"), "active", 2), 2),
                        w -> w.snapshot(sessionSeen(w, "t", "expired", 7), 8)),
                Map.of("sessions s", "gone by e2", "sessions t", "gone by snapshot"));
    }

    private static Script snapshotsBetweenEvents() {
        return new Script(
                "snapshots between events: the later change shows, and nothing revives what is gone",
                List.of(
                        w -> w.event("e1", "user.created", user(w.id("u"), "A", 10), 12),
                        w -> w.snapshot(userSeen(w, "u", "B", 20), 25),
                        w -> w.event("e2", "user.updated", user(w.id("u"), "B", 20), 22),
                        w -> w.snapshot(userSeen(w, "u", "B silently", 20), 40),
                        w -> w.event("e3", "user.created", user(w.id("d"), "D", 10), 11),
                        w -> w.event("e4", "user.deleted", user(w.id("d"), "D", 10), 30),
                        w -> w.snapshot(userSeen(w, "d", "D again", 50), 60)),
                Map.of("users u", "live B silently", "users d", "gone by e4"));
    }

    private static Script tiesAndContradictions() {
        return new Script(
                "equal times, and events whose times of change contradict their order",
                List.of(
                        w -> w.event("e1", "user.updated", user(w.id("u"), "one", 50), 50),
                        w -> w.event("e2", "user.updated", user(w.id("u"), "two", 50), 50),
                        w -> w.event("e3", "user.updated", user(w.id("u"), "three", 40), 51),
                        w -> w.snapshot(userSeen(w, "u", "seen", 45), 46),
                        w -> w.snapshot(userSeen(w, "u", "seen again", 45), 47),
                        w -> w.snapshot(userSeen(w, "u", "seen early", 30), 60)),
                Map.of("users u", "live seen again"));
    }

    private static Script leftAndReturned() {
        return new Script(
                "a member leaves and returns under a new id",
                List.of(
                        w -> w.event("e1", "organization_membership.created", member(w, "m1", "member", 1), 1),
                        w -> w.event("e2", "organization_membership.deleted", member(w, "m1", "member", 1), 2),
                        w -> w.event("e3", "organization_membership.created", member(w, "m2", "admin", 3), 3),
                        w -> w.event("e4", "organization_membership.updated", member(w, "m2", "owner", 4), 4),
                        w -> w.snapshot(
                                Snapshots.Fetched.membership(WorkOsMembership.from(member(w, "m1", "member", 1))), 1)),
                Map.of("organization_memberships m1", "gone by e2", "organization_memberships m2", "live owner"));
    }

    private static Script sevenAcrossAllTables() {
        return new Script(
                "seven events over all four tables",
                List.of(
                        w -> w.event("e1", "user.created", user(w.id("u"), "A", 1), 1),
                        w -> w.event("e2", "organization.created", organization(w.id("o"), "Acme", 2), 2),
                        w -> w.event("e3", "organization_membership.created", member(w, "m", "member", 3), 3),
                        w -> w.event("e4", "session.created", session(w.id("s"), w.id("u"), "active", 4), 4),
                        w -> w.event("e5", "organization_membership.updated", member(w, "m", "owner", 5), 5),
                        w -> w.event("e6", "session.revoked", session(w.id("s"), w.id("u"), "revoked", 6), 6),
                        w -> w.event("e7", "organization.deleted", organization(w.id("o"), "Acme", 2), 7)),
                Map.of(
                        "users u", "live A",
                        "organizations o", "gone by e7",
                        "organization_memberships m", "gone by e7",
                        "sessions s", "gone by e6"));
    }

    private static ObjectNode member(World w, String id, String role, long updatedAt) {
        return membership(w.id(id), w.id("u"), w.id("o"), role, "active", updatedAt);
    }

    private static Snapshots.Fetched userSeen(World w, String id, String firstName, long updatedAt) {
        return Snapshots.Fetched.user(WorkOsUser.from(user(w.id(id), firstName, updatedAt)));
    }

    private static Snapshots.Fetched sessionSeen(World w, String id, String status, long updatedAt) {
        return Snapshots.Fetched.session(WorkOsSession.from(session(w.id(id), w.id("u"), status, updatedAt)));
    }
}
