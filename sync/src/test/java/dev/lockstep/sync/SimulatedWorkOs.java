package dev.lockstep.sync;

import dev.lockstep.identity.EventId;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.WorkOsObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A WorkOS that lives only as a history: random verbs on its objects, each with its event in true order. It is the truth
 * that a mirror is compared with. Times often fall together, as they do in production.
 */
public final class SimulatedWorkOs {
    private static final List<Kin> CHILDREN = List.of(
            new Kin(ObjectKind.USER, ObjectKind.ORGANIZATION_MEMBERSHIP, "user_id"),
            new Kin(ObjectKind.USER, ObjectKind.SESSION, "user_id"),
            new Kin(ObjectKind.ORGANIZATION, ObjectKind.ORGANIZATION_MEMBERSHIP, "organization_id"),
            new Kin(ObjectKind.ORGANIZATION, ObjectKind.ORGANIZATION_DOMAIN, "organization_id"),
            new Kin(ObjectKind.ORGANIZATION, ObjectKind.ORGANIZATION_ROLE, "organization_id"),
            new Kin(ObjectKind.ORGANIZATION, ObjectKind.GROUP, "organization_id"),
            new Kin(ObjectKind.ORGANIZATION, ObjectKind.API_KEY, "owner.id"),
            new Kin(ObjectKind.ORGANIZATION_MEMBERSHIP, ObjectKind.GROUP_MEMBER, "organization_membership_id"),
            new Kin(ObjectKind.GROUP, ObjectKind.GROUP_MEMBER, "group_id"),
            new Kin(ObjectKind.DIRECTORY, ObjectKind.DIRECTORY_USER, "directory_id"),
            new Kin(ObjectKind.DIRECTORY, ObjectKind.DIRECTORY_GROUP, "directory_id"),
            new Kin(ObjectKind.DIRECTORY, ObjectKind.DIRECTORY_GROUP_MEMBER, "directory_id"),
            new Kin(ObjectKind.DIRECTORY_USER, ObjectKind.DIRECTORY_GROUP_MEMBER, "user.id"),
            new Kin(ObjectKind.DIRECTORY_GROUP, ObjectKind.DIRECTORY_GROUP_MEMBER, "group.id"));

    private final Random random;
    private final List<Emitted> journal = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();
    private final Map<ObjectKind, Shelf> objects = new EnumMap<>(ObjectKind.class);
    /** The keys of what hangs on an object, by kinship and its key. */
    private final Map<Kin, Map<String, Set<String>>> hanging = new HashMap<>();

    private final Map<ObjectKind, Map<String, String>> dead = new EnumMap<>(ObjectKind.class);
    private long now;
    private int next;

    public SimulatedWorkOs(long seed) {
        this.random = new Random(seed);
        for (ObjectKind kind : ObjectKind.values()) {
            objects.put(kind, new Shelf());
            dead.put(kind, new HashMap<>());
        }
    }

    private record Kin(ObjectKind parent, ObjectKind child, String reference) {}

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

    /** What is alive of a kind, by its key, the parts joined by a slash. */
    public Map<String, String> alive(ObjectKind kind) {
        Map<String, String> alive = new TreeMap<>();
        all(kind).all().forEach((id, object) -> alive.put(id, object.toString()));
        return alive;
    }

    /** The keys of a kind that are gone. */
    public Map<String, String> dead(ObjectKind kind) {
        return Map.copyOf(of(dead, kind));
    }

    /** WorkOS says more of an object than before and tells nobody; its time of change stays. */
    public void setQuietly(ObjectKind kind, String key, Map<String, ?> more) {
        ObjectNode object = all(kind).get(key).deepCopy();
        more.forEach((name, value) -> object.set(name, JsonMapper.shared().valueToTree(value)));
        all(kind).put(key, object);
    }

    private void step() {
        ObjectKind kind = SimulatedEvents.often(random);
        switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> create(kind);
            case 4, 5, 6 -> update(kind);
            default -> delete(kind);
        }
    }

    private void create(ObjectKind kind) {
        for (ObjectKind parent : SimulatedEvents.parents(kind)) {
            if (all(parent).isEmpty()) {
                return;
            }
        }
        ObjectNode object = draw(kind);
        String key = key(kind, object);
        if (!all(kind).has(key)) {
            all(kind).put(key, object);
            CHILDREN.stream()
                    .filter(kin -> kin.child() == kind)
                    .forEach(kin -> under(kin, text(object, kin.reference())).add(key));
            of(dead, kind).remove(key);
            emit(SimulatedEvents.created(kind), object);
        }
    }

    private ObjectNode draw(ObjectKind kind) {
        String name = "n" + next;
        String id = "%s_%07d".formatted(kind.name().toLowerCase(Locale.ROOT), next++);
        String slug = "slug-" + random.nextInt(40);
        return switch (kind) {
            case USER -> Wire.user(id, name, now);
            case ORGANIZATION -> Wire.organization(id, name, now);
            case ORGANIZATION_MEMBERSHIP ->
                Wire.membership(id, any(ObjectKind.USER), any(ObjectKind.ORGANIZATION), "member", "active", now);
            case SESSION -> Wire.session(id, any(ObjectKind.USER), "active", now);
            case ORGANIZATION_DOMAIN -> Wire.named("organization_domain", id, any(ObjectKind.ORGANIZATION), name, now);
            case ROLE -> Wire.role(slug, now).put("created_at", Wire.at(now).toString());
            case ORGANIZATION_ROLE -> Wire.organizationRole(any(ObjectKind.ORGANIZATION), slug, now);
            case PERMISSION -> Wire.permission(slug, name, now);
            case INVITATION -> Wire.named("invitation", id, "org_any", name, now);
            case DIRECTORY -> Wire.directory(id, "org_any", name, now);
            case DIRECTORY_USER -> Wire.directoryUser(id, any(ObjectKind.DIRECTORY), name, now);
            case DIRECTORY_GROUP -> Wire.directoryGroup(id, any(ObjectKind.DIRECTORY), name, now);
            case DIRECTORY_GROUP_MEMBER -> directoryPair();
            case CONNECTION -> Wire.named("connection", id, "org_any", name, now);
            case GROUP -> Wire.group(id, any(ObjectKind.ORGANIZATION), name, now);
            case GROUP_MEMBER -> Wire.groupMember(any(ObjectKind.GROUP), any(ObjectKind.ORGANIZATION_MEMBERSHIP));
            case FEATURE_FLAG -> Wire.named("feature_flag", id, "org_any", name, now);
            case API_KEY -> Wire.apiKey(id, any(ObjectKind.ORGANIZATION), name, now);
        };
    }

    /** That they may be of two directories is nonsense that the mirror has to bear. */
    private ObjectNode directoryPair() {
        String group = any(ObjectKind.DIRECTORY_GROUP);
        String directory = text(all(ObjectKind.DIRECTORY_GROUP).get(group), "directory_id");
        return Wire.directoryPair(directory, any(ObjectKind.DIRECTORY_USER), group);
    }

    private void update(ObjectKind kind) {
        String field = SimulatedEvents.field(kind);
        if (field.isEmpty() || all(kind).isEmpty()) {
            return;
        }
        String key = any(kind);
        ObjectNode object = all(kind).get(key).deepCopy();
        object.put(field, "n" + next++).put("updated_at", Wire.at(now).toString());
        all(kind).put(key, object);
        emit(SimulatedEvents.updated(kind), object);
    }

    /** Deletion shows the time of the last change. What hangs on the object goes silently, or with events of its own. */
    private void delete(ObjectKind kind) {
        if (!SimulatedEvents.deleted(kind).isEmpty() && !all(kind).isEmpty()) {
            String key = any(kind);
            ObjectNode object = all(kind).get(key);
            boolean says = kind != ObjectKind.DIRECTORY && kind != ObjectKind.DIRECTORY_GROUP && random.nextBoolean();
            bury(kind, key, says);
            if (kind == ObjectKind.SESSION) {
                object = object.deepCopy();
                object.put("status", "revoked").put("updated_at", Wire.at(now).toString());
            }
            emit(SimulatedEvents.deleted(kind), object);
        }
    }

    private void bury(ObjectKind kind, String key, boolean says) {
        ObjectNode gone = Objects.requireNonNull(all(kind).remove(key));
        of(dead, kind).put(key, "gone");
        for (Kin kin : CHILDREN) {
            if (kin.child() == kind) {
                under(kin, text(gone, kin.reference())).remove(key);
            }
            if (kin.parent() == kind) {
                for (String child : List.copyOf(under(kin, key))) {
                    ObjectNode object = all(kin.child()).get(child);
                    bury(kin.child(), child, says);
                    if (says) {
                        emit(SimulatedEvents.deleted(kin.child()), object);
                    }
                }
            }
        }
    }

    private Set<String> under(Kin kin, String parent) {
        return hanging.computeIfAbsent(kin, any -> new HashMap<>())
                .computeIfAbsent(parent, any -> new LinkedHashSet<>());
    }

    private void look() {
        Map<String, WorkOsObject> some = new TreeMap<>();
        for (ObjectKind kind : ObjectKind.values()) {
            if (random.nextInt(3) == 0 && !all(kind).isEmpty()) {
                String key = any(kind);
                some.put(kind + key, WorkOsObject.from(kind, all(kind).get(key).deepCopy()));
            }
        }
        seen.add(new Seen(Fetched.objects(List.copyOf(some.values())), Wire.at(now)));
    }

    private String any(ObjectKind kind) {
        return all(kind).any(random);
    }

    private static String key(ObjectKind kind, ObjectNode object) {
        return String.join("/", WorkOsObject.from(kind, object).key());
    }

    /** What an object of a kind hangs on, and where it names it. */
    static Map<ObjectKind, String> references(ObjectKind child) {
        Map<ObjectKind, String> references = new EnumMap<>(ObjectKind.class);
        CHILDREN.stream()
                .filter(kin -> kin.child() == child)
                .forEach(kin -> references.put(kin.parent(), kin.reference()));
        return references;
    }

    static String text(JsonNode object, String path) {
        JsonNode found = object;
        for (String name : path.split("\\.", -1)) {
            found = found.path(name);
        }
        return found.asString("");
    }

    private Shelf all(ObjectKind kind) {
        return of(objects, kind);
    }

    private static <T> T of(Map<ObjectKind, T> map, ObjectKind kind) {
        return Objects.requireNonNull(map.get(kind));
    }

    private void emit(String type, ObjectNode data) {
        EventId id = new EventId("event_%08d".formatted(journal.size()));
        journal.add(new Emitted(id, Wire.at(now), Wire.event(id.value(), type, data, now)));
    }
}
