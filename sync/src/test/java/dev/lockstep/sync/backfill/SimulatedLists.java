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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lists of a simulated WorkOS, in small pages. Whatever a test wants to happen happens while a page is on its way. */
public final class SimulatedLists implements ObjectSource {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SimulatedWorkOs workOs;
    private final int pageSize;
    private final Map<String, Integer> asked = new HashMap<>();
    /** Keys that lists leave out although the objects are there. */
    public final Set<String> hidden = new HashSet<>();
    /** Runs after the page was made and before it arrives. */
    public Runnable onTheWay = () -> {};
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

    @Override
    public Set<Mirrored> kinds() {
        return Set.of(Mirrored.USERS, Mirrored.ORGANIZATIONS, Mirrored.MEMBERSHIPS);
    }

    @Override
    public synchronized Listed page(Shard shard, @Nullable String after) {
        asked.merge(shard + " after " + after, 1, Integer::sum);
        if (silent.contains(shard.kind())) {
            throw new WorkOsException(new WorkOsProblem.Unavailable(503, 4));
        }
        boolean isGone = !shard.scope().isEmpty()
                && !workOs.alive("workos.organizations").containsKey(shard.scope());
        if (isGone) {
            throw new WorkOsException(new WorkOsProblem.Refused(404, "entity_not_found"));
        }
        Instant fetchStartedAt = workOs.now();
        Map<String, String> all =
                new TreeMap<>(workOs.alive("workos." + shard.kind().word()));
        all.keySet().removeAll(hidden);
        all.values()
                .removeIf(text -> !shard.scope().isEmpty()
                        && !JSON.readTree(text)
                                .path("organization_id")
                                .stringValue("")
                                .equals(shard.scope()));
        List<String> ids = all.keySet().stream()
                .filter(id -> after == null || id.compareTo(after) > 0)
                .limit(pageSize)
                .toList();
        boolean last = ids.size() < pageSize;
        List<WorkOsObject> objects = ids.stream()
                .map(id -> object(shard.kind(), JSON.readTree(all.get(id))))
                .toList();
        onTheWay.run();
        return new Listed(Fetched.objects(objects), ids, 0, last ? null : ids.getLast(), fetchStartedAt);
    }

    @Override
    public synchronized Optional<Fetched> find(Mirrored kind, String scope, String key) {
        found.add(key);
        return Optional.ofNullable(workOs.alive("workos." + kind.word()).get(key))
                .map(text -> Fetched.objects(List.of(object(kind, JSON.readTree(text)))));
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
