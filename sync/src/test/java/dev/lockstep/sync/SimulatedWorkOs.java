package dev.lockstep.sync;

import dev.lockstep.identity.EventId;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsSession;
import dev.lockstep.workos.object.WorkOsUser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * A WorkOS that lives only as a history: random verbs on its objects, each with its event in true order. It is the truth
 * that a mirror is compared with. Times often fall together, as they do in production.
 */
public final class SimulatedWorkOs {
    private final Random random;
    private final List<Emitted> journal = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();
    private final Map<String, ObjectNode> users = new TreeMap<>();
    private final Map<String, ObjectNode> organizations = new TreeMap<>();
    private final Map<String, ObjectNode> memberships = new TreeMap<>();
    private final Map<String, ObjectNode> sessions = new TreeMap<>();
    private final Map<String, String> dead = new HashMap<>();
    private long now;
    private int next;

    public SimulatedWorkOs(long seed) {
        this.random = new Random(seed);
    }

    /** One event in true order. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Emitted(EventId id, Instant createdAt, byte[] body) {}

    /** A reply of the list or get calls, taken at some moment of the history. */
    public record Seen(Fetched fetched, Instant fetchStartedAt) {}

    /** Goes on until that many events have happened. */
    public void live(int events) {
        int end = journal.size() + events;
        while (journal.size() < end) {
            now += random.nextInt(3);
            step();
            if (random.nextInt(20) == 0) {
                look();
            }
        }
    }

    /** The present moment of the history. */
    public Instant now() {
        return Wire.at(now);
    }

    public List<Emitted> journal() {
        return List.copyOf(journal);
    }

    public List<Seen> snapshots() {
        return List.copyOf(seen);
    }

    /** What is alive in a mirrored table, by id. */
    public Map<String, String> alive(String table) {
        Map<String, String> alive = new TreeMap<>();
        objects(table).forEach((id, object) -> alive.put(id, object.toString()));
        return alive;
    }

    /** The ids that are gone for good, of all tables. */
    public Map<String, String> dead() {
        return Map.copyOf(dead);
    }

    private Map<String, ObjectNode> objects(String table) {
        return switch (table) {
            case "workos.users" -> users;
            case "workos.organizations" -> organizations;
            case "workos.organization_memberships" -> memberships;
            case "workos.sessions" -> sessions;
            default -> throw new IllegalArgumentException(table);
        };
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0, 1 -> create("user", users, Wire.user(id("user"), "n" + next, now));
            case 2 -> create("organization", organizations, Wire.organization(id("org"), "n" + next, now));
            case 3, 4, 5 -> join();
            case 6, 7 -> signIn();
            case 8, 9, 10 -> update("user", users, "first_name");
            case 11 -> update("organization", organizations, "name");
            case 12, 13 -> update("organization_membership", memberships, "status");
            case 14 -> revoke();
            default -> delete();
        }
    }

    private void create(String kind, Map<String, ObjectNode> objects, ObjectNode object) {
        objects.put(object.get("id").stringValue(), object);
        emit(kind + ".created", object);
    }

    private void join() {
        if (!users.isEmpty() && !organizations.isEmpty()) {
            create(
                    "organization_membership",
                    memberships,
                    Wire.membership(id("om"), any(users), any(organizations), "member", "active", now));
        }
    }

    private void signIn() {
        if (!users.isEmpty()) {
            create("session", sessions, Wire.session(id("session"), any(users), "active", now));
        }
    }

    private void update(String kind, Map<String, ObjectNode> objects, String field) {
        if (!objects.isEmpty()) {
            ObjectNode object = objects.get(any(objects)).deepCopy();
            object.put(field, "n" + next++).put("updated_at", Wire.at(now).toString());
            objects.put(object.get("id").stringValue(), object);
            emit(kind + ".updated", object);
        }
    }

    private void revoke() {
        if (!sessions.isEmpty()) {
            ObjectNode session = sessions.remove(any(sessions)).deepCopy();
            dead.put(session.get("id").stringValue(), "revoked");
            emit(
                    "session.revoked",
                    session.put("status", "revoked")
                            .put("updated_at", Wire.at(now).toString()));
        }
    }

    private void delete() {
        switch (random.nextInt(5)) {
            case 0 -> bury("user", users, "user_id");
            case 1 -> bury("organization", organizations, "organization_id");
            default -> bury("organization_membership", memberships, "id");
        }
    }

    /** Deletion shows the time of the last change. What hangs on the object goes silently, or with events of its own. */
    private void bury(String kind, Map<String, ObjectNode> objects, String reference) {
        if (objects.isEmpty()) {
            return;
        }
        ObjectNode object = objects.remove(any(objects));
        String id = object.get("id").stringValue();
        dead.put(id, "deleted");
        boolean says = random.nextBoolean();
        cascade("organization_membership.deleted", memberships, reference, id, says);
        if (kind.equals("user")) {
            cascade("session.revoked", sessions, reference, id, says);
        }
        emit(kind + ".deleted", object);
    }

    private void cascade(String event, Map<String, ObjectNode> objects, String reference, String id, boolean says) {
        List<ObjectNode> hanging = objects.values().stream()
                .filter(object -> object.get(reference).stringValue().equals(id))
                .toList();
        for (ObjectNode object : hanging) {
            String gone = object.get("id").stringValue();
            objects.remove(gone);
            dead.put(gone, "cascade");
            if (says) {
                emit(event, object);
            }
        }
    }

    private void look() {
        Instant startedAt = Wire.at(now);
        List<WorkOsUser> someUsers = some(users).stream().map(WorkOsUser::from).toList();
        seen.add(new Seen(
                new Fetched(
                        someUsers,
                        some(organizations).stream()
                                .map(WorkOsOrganization::from)
                                .toList(),
                        some(memberships).stream().map(WorkOsMembership::from).toList(),
                        some(sessions).stream().map(WorkOsSession::from).toList()),
                startedAt));
    }

    private List<ObjectNode> some(Map<String, ObjectNode> objects) {
        return objects.values().stream()
                .filter(object -> random.nextInt(10) == 0)
                .limit(5)
                .map(ObjectNode::deepCopy)
                .toList();
    }

    private String any(Map<String, ObjectNode> objects) {
        return List.copyOf(objects.keySet()).get(random.nextInt(objects.size()));
    }

    private String id(String kind) {
        return "%s_%07d".formatted(kind, next++);
    }

    private void emit(String type, ObjectNode data) {
        EventId id = new EventId("event_%08d".formatted(journal.size()));
        journal.add(new Emitted(id, Wire.at(now), Wire.event(id.value(), type, data, now)));
    }
}
