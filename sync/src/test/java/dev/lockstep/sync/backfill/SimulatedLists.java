package dev.lockstep.sync.backfill;

import dev.lockstep.sync.SimulatedWorkOs;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.object.WorkOsObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lists of a simulated WorkOS, in small pages. Whatever a test wants to happen happens while a page is on its way. */
public final class SimulatedLists implements ObjectSource {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Everything that has a list of its own. */
    public static final Set<Mirrored> KINDS = Arrays.stream(Mirrored.values())
            .filter(kind -> kind.carrier() == kind)
            .collect(Collectors.toUnmodifiableSet());

    private final SimulatedWorkOs workOs;
    private final int pageSize;
    private final Map<String, Integer> asked = new HashMap<>();
    /** Keys that lists leave out although the objects are there. */
    public final Set<String> hidden = new HashSet<>();
    /** Runs after the page was made and before it arrives. */
    public Runnable onTheWay = () -> {};
    /** Hears which page is asked for. */
    public Consumer<String> onAsking = page -> {};
    /** Lists of these kinds have no answer. */
    public final Set<Mirrored> silent = new HashSet<>();
    /** Objects that were asked for one by one. */
    public final List<String> found = new ArrayList<>();

    public SimulatedLists(SimulatedWorkOs workOs, int pageSize) {
        this.workOs = workOs;
        this.pageSize = pageSize;
    }

    /** How often each page was read. */
    public synchronized Map<String, Integer> asked() {
        return Map.copyOf(asked);
    }

    /** How many lists there are. */
    public long lists() {
        return KINDS.stream()
                .mapToLong(
                        kind -> kind.within() == null ? 1 : alive(kind.within()).size())
                .sum();
    }

    @Override
    public Set<Mirrored> kinds() {
        return KINDS;
    }

    @Override
    public synchronized Listed page(Shard shard, @Nullable String after) {
        asked.merge(shard + " after " + after, 1, Integer::sum);
        onAsking.accept(shard + " after " + after);
        if (silent.contains(shard.kind())) {
            throw new WorkOsException(new WorkOsProblem.Unavailable(503, 4));
        }
        boolean isGone = !shard.scope().isEmpty()
                && !alive(Objects.requireNonNull(shard.kind().within())).containsKey(shard.parent());
        if (isGone) {
            throw new WorkOsException(new WorkOsProblem.Refused(404, "entity_not_found"));
        }
        Instant fetchStartedAt = workOs.now();
        Map<String, JsonNode> all = alive(shard.kind());
        all.keySet().removeAll(hidden);
        all.values().removeIf(json -> !scope(shard.kind(), json).equals(shard.parent()));
        List<String> keys = all.keySet().stream()
                .filter(key -> after == null || key.compareTo(after) > 0)
                .limit(pageSize)
                .toList();
        boolean last = keys.size() < pageSize;
        List<WorkOsObject> objects = new ArrayList<>();
        keys.forEach(key -> objects.add(object(shard.kind(), Objects.requireNonNull(all.get(key)))));
        inside(shard.kind(), keys, objects);
        List<String> lists = keys.stream()
                .map(key -> shard.kind() == Mirrored.GROUPS ? shard.scope() + "/" + key : key)
                .toList();
        onTheWay.run();
        return new Listed(Fetched.objects(objects), lists, 0, last ? null : keys.getLast(), fetchStartedAt);
    }

    /** What comes inside the objects of a page. */
    private void inside(Mirrored carrier, List<String> keys, List<WorkOsObject> objects) {
        Arrays.stream(Mirrored.values())
                .filter(kind -> kind != carrier && kind.carrier() == carrier)
                .forEach(kind -> alive(kind).values().stream()
                        .filter(json -> keys.contains(
                                carrier == Mirrored.ORGANIZATIONS
                                        ? json.path("organization_id").asString("")
                                        : json.path("user").path("id").asString("")))
                        .forEach(json -> objects.add(object(kind, json))));
    }

    private Map<String, JsonNode> alive(Mirrored kind) {
        Map<String, JsonNode> alive = new TreeMap<>();
        workOs.alive(kind.object()).forEach((key, text) -> alive.put(key, JSON.readTree(text)));
        return alive;
    }

    /** The object within whose list it stands. */
    private static String scope(Mirrored kind, JsonNode json) {
        return switch (kind) {
            case MEMBERSHIPS, ORGANIZATION_ROLES, GROUPS ->
                json.path("organization_id").asString("");
            case API_KEYS -> json.path("owner").path("id").asString("");
            case DIRECTORY_USERS, DIRECTORY_GROUPS -> json.path("directory_id").asString("");
            case GROUP_MEMBERS -> json.path("group_id").asString("");
            default -> "";
        };
    }

    @Override
    public synchronized Optional<Fetched> find(Mirrored kind, String scope, String key) {
        found.add(key);
        return Optional.ofNullable(alive(kind).get(key)).map(json -> Fetched.objects(List.of(object(kind, json))));
    }

    private static WorkOsObject object(Mirrored kind, JsonNode json) {
        return WorkOsObject.from(kind.object(), json);
    }

    /** A while after everything that happened: what is here now was here before any walk. */
    @Override
    public Instant serverTime() {
        return workOs.now().plus(Duration.ofMinutes(10));
    }

    @Override
    public Instant now() {
        return workOs.now();
    }
}
