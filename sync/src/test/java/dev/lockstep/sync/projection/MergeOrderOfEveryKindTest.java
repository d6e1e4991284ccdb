package dev.lockstep.sync.projection;

import static dev.lockstep.sync.Wire.directory;
import static dev.lockstep.sync.Wire.directoryGroup;
import static dev.lockstep.sync.Wire.directoryPair;
import static dev.lockstep.sync.Wire.directoryUser;
import static dev.lockstep.sync.Wire.group;
import static dev.lockstep.sync.Wire.groupMember;
import static dev.lockstep.sync.Wire.membership;
import static dev.lockstep.sync.Wire.organization;
import static dev.lockstep.sync.Wire.organizationRole;
import static dev.lockstep.sync.Wire.permission;
import static dev.lockstep.sync.Wire.role;
import static dev.lockstep.sync.Wire.user;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.sync.projection.Worlds.Script;
import dev.lockstep.sync.projection.Worlds.World;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.WorkOsObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Every order of scripts over directories, groups, roles and their like, and many orders of random ones. */
class MergeOrderOfEveryKindTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final long SEED = Long.getLong("lockstep.orders.seed", 20_261_121L);
    private static final int RANDOM_SCRIPTS = Integer.getInteger("lockstep.orders.scripts", 12);
    private static final int RANDOM_ORDERS = 60;

    private final Worlds worlds = new Worlds(new Database(postgres.dataSource()));

    static Stream<Script> scripts() {
        return Stream.of(deletedDirectory(), deletedGroup(), returningPair(), returningSlugs(), deletedOrganization());
    }

    static LongStream seeds() {
        return LongStream.range(SEED, SEED + RANDOM_SCRIPTS);
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

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverIsObservedEveryOrderAndRepetitionEndsInTheSameRows(long seed) {
        Random random = new Random(seed);
        List<Worlds.Step> steps = new ArrayList<>();
        Set<ObjectKind> kinds = RandomSteps.KIN.get(random.nextInt(RandomSteps.KIN.size()));
        for (int i = 0; i < 14; i++) {
            steps.add(RandomSteps.step(random, kinds, i));
        }
        Script script = new Script("random, seed " + seed, steps, Map.of());
        List<int[]> orders = new ArrayList<>();
        for (int i = 0; i < RANDOM_ORDERS; i++) {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, steps.size()).boxed().toList());
            order.add(random.nextInt(steps.size()));
            order.add(random.nextInt(steps.size()));
            Collections.shuffle(order, random);
            orders.add(order.stream().mapToInt(Integer::intValue).toArray());
        }
        worlds.assertOneEnding(script, orders);
    }

    private static Script deletedDirectory() {
        return new Script(
                "a deleted directory takes users, groups and pairs along, silently",
                List.of(
                        w -> w.event("e1", "dsync.activated", directory(w.id("d"), w.id("o"), "Okta", 1), 1),
                        w -> w.event("e2", "dsync.user.created", directoryUser(w.id("u"), w.id("d"), "Ada", 2), 2),
                        w -> w.event("e3", "dsync.group.created", directoryGroup(w.id("g"), w.id("d"), "Staff", 3), 3),
                        w -> w.event("e4", "dsync.group.user_added", pair(w), 4),
                        w -> w.event("e5", "dsync.user.updated", directoryUser(w.id("u"), w.id("d"), "Eve", 5), 5),
                        w -> w.event("e6", "dsync.deleted", directory(w.id("d"), w.id("o"), "Okta", 1), 6),
                        w -> w.event("e7", "dsync.user.deleted", directoryUser(w.id("u"), w.id("d"), "Eve", 5), 7)),
                Map.of(
                        "directories d", "gone by e6",
                        "directory_users u", "gone by e6",
                        "directory_groups g", "gone by e6",
                        "directory_group_members g/u", "gone by e6"));
    }

    private static Script deletedGroup() {
        return new Script(
                "a deleted group takes its pairs along and leaves the people, and a late pair is gone from the start",
                List.of(
                        w -> w.event("e2", "dsync.user.created", directoryUser(w.id("u"), w.id("d"), "Ada", 2), 2),
                        w -> w.event("e3", "dsync.group.created", directoryGroup(w.id("g"), w.id("d"), "Staff", 3), 3),
                        w -> w.event("e4", "dsync.group.user_added", pair(w), 4),
                        w -> w.event("e5", "dsync.group.deleted", directoryGroup(w.id("g"), w.id("d"), "Staff", 3), 5),
                        w -> w.snapshot(seen(ObjectKind.DIRECTORY_GROUP_MEMBER, pair(w)), 9),
                        w -> w.event("e6", "dsync.group.user_removed", pair(w), 6)),
                Map.of(
                        "directory_users u", "live Ada",
                        "directory_groups g", "gone by e5",
                        "directory_group_members g/u", "gone by e5"));
    }

    private static Script returningPair() {
        return new Script(
                "a pair comes and goes: the last word counts",
                List.of(
                        w -> w.event("e1", "dsync.user.created", directoryUser(w.id("u"), w.id("d"), "Ada", 1), 1),
                        w -> w.event("e2", "dsync.group.created", directoryGroup(w.id("g"), w.id("d"), "Staff", 2), 2),
                        w -> w.event("e3", "dsync.group.user_added", pair(w), 3),
                        w -> w.event("e4", "dsync.group.user_removed", pair(w), 4),
                        w -> w.event("e5", "dsync.group.user_added", pair(w), 5),
                        w -> w.snapshot(seen(ObjectKind.DIRECTORY_GROUP_MEMBER, pair(w)), 4),
                        w -> w.event("e6", "dsync.group.user_removed", pair(w), 6)),
                Map.of("directory_group_members g/u", "gone by e6", "directory_groups g", "live Staff"));
    }

    private static Script returningSlugs() {
        return new Script(
                "deleted slugs come back, and what a snapshot shows counts by when it was seen",
                List.of(
                        w -> w.event("e1", "permission.created", permission(w.id("p"), "Read", 1), 1),
                        w -> w.event("e2", "permission.deleted", permission(w.id("p"), "Read", 1), 2),
                        w -> w.event("e3", "permission.created", permission(w.id("p"), "Read again", 3), 3),
                        w -> w.event("e4", "role.created", role(w.id("r"), 1), 1),
                        w -> w.event("e5", "role.deleted", role(w.id("r"), 1), 5),
                        w -> w.snapshot(seen(ObjectKind.ROLE, role(w.id("r"), 7).put("name", "Back")), 8),
                        w -> w.snapshot(seen(ObjectKind.ROLE, role(w.id("r"), 1).put("name", "Early")), 3)),
                Map.of("permissions p", "live Read again", "roles r", "live Back"));
    }

    private static Script deletedOrganization() {
        return new Script(
                "a deleted organization takes memberships, groups, their members and its roles along",
                List.of(
                        w -> w.event("e1", "organization.created", organization(w.id("o"), "Acme", 1), 1),
                        w -> w.event("e2", "organization_membership.created", member(w), 2),
                        w -> w.event("e3", "group.created", group(w.id("g"), w.id("o"), "Team", 3), 3),
                        w -> w.event("e4", "group.member_added", groupMember(w.id("g"), w.id("m")), 4),
                        w -> w.event("e5", "organization_role.created", organizationRole(w.id("o"), "boss", 5), 5),
                        w -> w.event("e6", "organization.deleted", organization(w.id("o"), "Acme", 1), 6),
                        w -> w.event("e7", "user.deleted", user(w.id("u"), "Ada", 1), 7)),
                Map.of(
                        "organizations o", "gone by e6",
                        "organization_memberships m", "gone by e6",
                        "groups g", "gone by e6",
                        "group_members g/m", "gone by e6",
                        "organization_roles o/boss", "gone by e6",
                        "users u", "gone by e7"));
    }

    private static ObjectNode pair(World w) {
        return directoryPair(w.id("d"), w.id("u"), w.id("g"));
    }

    private static ObjectNode member(World w) {
        return membership(w.id("m"), w.id("u"), w.id("o"), "member", "active", 2);
    }

    private static Fetched seen(ObjectKind kind, ObjectNode object) {
        return Fetched.objects(List.of(WorkOsObject.from(kind, object)));
    }

    /** Observations that need not make sense together: the merge has to agree on nonsense too. */
    private static final class RandomSteps {
        private record Family(ObjectKind kind, String created, String updated, String deleted) {}

        private static final List<Family> FAMILIES = List.of(
                life(ObjectKind.USER, "user"),
                life(ObjectKind.ORGANIZATION, "organization"),
                life(ObjectKind.ORGANIZATION_MEMBERSHIP, "organization_membership"),
                new Family(ObjectKind.SESSION, "session.created", "session.created", "session.revoked"),
                life(ObjectKind.ORGANIZATION_DOMAIN, "organization_domain"),
                life(ObjectKind.ROLE, "role"),
                life(ObjectKind.ORGANIZATION_ROLE, "organization_role"),
                life(ObjectKind.PERMISSION, "permission"),
                new Family(ObjectKind.INVITATION, "invitation.created", "invitation.accepted", "invitation.revoked"),
                new Family(ObjectKind.DIRECTORY, "dsync.activated", "dsync.activated", "dsync.deleted"),
                life(ObjectKind.DIRECTORY_USER, "dsync.user"),
                life(ObjectKind.DIRECTORY_GROUP, "dsync.group"),
                pairs(ObjectKind.DIRECTORY_GROUP_MEMBER, "dsync.group.user_"),
                new Family(
                        ObjectKind.CONNECTION, "connection.activated", "connection.deactivated", "connection.deleted"),
                life(ObjectKind.GROUP, "group"),
                pairs(ObjectKind.GROUP_MEMBER, "group.member_"),
                life(ObjectKind.FEATURE_FLAG, "flag"),
                new Family(ObjectKind.API_KEY, "api_key.created", "api_key.updated", "api_key.revoked"));

        /** Kinds that have to do with each other, so that the steps of a script meet. */
        static final List<Set<ObjectKind>> KIN = List.of(
                EnumSet.of(
                        ObjectKind.DIRECTORY,
                        ObjectKind.DIRECTORY_USER,
                        ObjectKind.DIRECTORY_GROUP,
                        ObjectKind.DIRECTORY_GROUP_MEMBER),
                EnumSet.of(
                        ObjectKind.USER,
                        ObjectKind.ORGANIZATION,
                        ObjectKind.ORGANIZATION_MEMBERSHIP,
                        ObjectKind.GROUP,
                        ObjectKind.GROUP_MEMBER),
                EnumSet.of(ObjectKind.USER, ObjectKind.SESSION, ObjectKind.INVITATION, ObjectKind.CONNECTION),
                EnumSet.of(
                        ObjectKind.ORGANIZATION,
                        ObjectKind.ORGANIZATION_DOMAIN,
                        ObjectKind.ORGANIZATION_ROLE,
                        ObjectKind.API_KEY),
                EnumSet.of(ObjectKind.ROLE, ObjectKind.PERMISSION, ObjectKind.FEATURE_FLAG));

        private static Family life(ObjectKind kind, String name) {
            return new Family(kind, name + ".created", name + ".updated", name + ".deleted");
        }

        private static Family pairs(ObjectKind kind, String name) {
            return new Family(kind, name + "added", name + "added", name + "removed");
        }

        static Worlds.Step step(Random random, Set<ObjectKind> kinds, int number) {
            List<Family> families = FAMILIES.stream()
                    .filter(family -> kinds.contains(family.kind()))
                    .toList();
            Family family = families.get(random.nextInt(families.size()));
            long updatedAt = 1 + random.nextInt(12);
            long observedAt = 1 + random.nextInt(12);
            String type = switch (random.nextInt(5)) {
                case 0 -> family.created();
                case 1, 2 -> family.updated();
                default -> family.deleted();
            };
            String name = "n" + number;
            return switch (random.nextInt(8)) {
                case 0, 1 ->
                    w -> w.snapshot(seen(family.kind(), object(w, family.kind(), name, updatedAt)), observedAt);
                default ->
                    w -> w.event(
                            "e%02d".formatted(number), type, object(w, family.kind(), name, updatedAt), observedAt);
            };
        }

        private static ObjectNode object(World w, ObjectKind kind, String name, long updatedAt) {
            return switch (kind) {
                case USER -> user(w.id("u"), name, updatedAt);
                case ORGANIZATION -> organization(w.id("o"), name, updatedAt);
                case ORGANIZATION_MEMBERSHIP -> membership(w.id("m"), w.id("u"), w.id("o"), name, "active", updatedAt);
                case SESSION -> Wire.session(w.id("s"), w.id("u"), "active", updatedAt);
                case ORGANIZATION_DOMAIN -> Wire.named("organization_domain", w.id("dom"), w.id("o"), name, updatedAt);
                case ROLE -> role(w.id("r"), updatedAt).put("name", name);
                case ORGANIZATION_ROLE ->
                    organizationRole(w.id("o"), "boss", updatedAt).put("name", name);
                case PERMISSION -> permission(w.id("p"), name, updatedAt);
                case INVITATION -> Wire.named("invitation", w.id("inv"), w.id("o"), name, updatedAt);
                case DIRECTORY -> directory(w.id("d"), w.id("o"), name, updatedAt);
                case DIRECTORY_USER -> directoryUser(w.id("du"), w.id("d"), name, updatedAt);
                case DIRECTORY_GROUP -> directoryGroup(w.id("dg"), w.id("d"), name, updatedAt);
                case DIRECTORY_GROUP_MEMBER -> directoryPair(w.id("d"), w.id("du"), w.id("dg"));
                case CONNECTION -> Wire.named("connection", w.id("c"), w.id("o"), name, updatedAt);
                case GROUP -> group(w.id("g"), w.id("o"), name, updatedAt);
                case GROUP_MEMBER -> groupMember(w.id("g"), w.id("m"));
                case FEATURE_FLAG -> Wire.named("feature_flag", w.id("f"), w.id("o"), name, updatedAt);
                case API_KEY -> Wire.apiKey(w.id("k"), w.id("o"), name, updatedAt);
            };
        }
    }
}
