package dev.lockstep.sync.backfill;

import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import dev.lockstep.workos.WorkOsProblem.RateLimited;
import dev.lockstep.workos.WorkOsProblem.Refused;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.ObjectsApi;
import dev.lockstep.workos.object.ObjectsApi.Found;
import dev.lockstep.workos.object.ObjectsApi.Scope;
import dev.lockstep.workos.object.WorkOsObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The lists of the WorkOS API, asked with the urgency of the client and at the pace of each directory. Thread-safe. */
public final class WorkOsObjects implements ObjectSource {
    private static final int NOT_FOUND = 404;
    private static final int TRIES = 5;

    private final WorkOsClient client;
    private final ObjectsApi api;
    private final Set<Mirrored> kinds;
    private final DirectoryPace pace;

    /**
     * @param client with the urgency of the walk, backfill or reconcile
     * @param kinds what is walked
     * @param pace shared by everything that walks this environment
     */
    public WorkOsObjects(WorkOsClient client, Set<Mirrored> kinds, DirectoryPace pace) {
        this.client = client;
        this.api = new ObjectsApi(client);
        this.kinds = Set.copyOf(kinds);
        this.pace = pace;
    }

    @Override
    public Set<Mirrored> kinds() {
        return kinds;
    }

    @Override
    public Listed page(Shard shard, @Nullable String after) {
        Page<WorkOsObject> page = list(shard, after);
        List<WorkOsObject> items = page.items();
        return new Listed(
                Fetched.objects(items),
                items.stream().map(item -> listOf(shard, item)).toList(),
                page.unreadable().size(),
                page.cursor(),
                page.fetchStartedAt());
    }

    @Override
    public Optional<Fetched> find(Mirrored kind, String scope, String key) {
        if (kind == Mirrored.DIRECTORY_GROUP_MEMBERS) {
            String user = key.substring(key.indexOf('/') + 1);
            return one(Mirrored.DIRECTORY_USERS, scope, user).flatMap(person -> inside(person, key));
        }
        return one(kind, scope, key).map(found -> Fetched.objects(List.of(found)));
    }

    private Optional<WorkOsObject> one(Mirrored kind, String scope, String key) {
        String organization = kind == Mirrored.GROUPS ? scope : null;
        Found found = paced(kind, scope, () -> api.get(kind.object(), List.of(key.split("/", -1)), organization));
        return switch (found) {
            case Found.There(WorkOsObject object) -> Optional.of(object);
            case Found.Gone() -> Optional.empty();
            case Found.NotAskable() -> listed(new Shard(kind, scope), key);
        };
    }

    /** A list tells what cannot be asked for alone; a list that is not there has nothing in it. */
    private Optional<WorkOsObject> listed(Shard shard, String key) {
        Predicate<WorkOsObject> wanted = object -> key(object).equals(key);
        @Nullable String after = null;
        try {
            do {
                Page<WorkOsObject> page = list(shard, after);
                Optional<WorkOsObject> found =
                        page.items().stream().filter(wanted).findFirst();
                if (found.isPresent()) {
                    return found;
                }
                if (!page.unreadable().isEmpty()) {
                    throw new WorkOsException(new MalformedAnswer(
                            "a list that was asked about one object has objects that cannot be read"));
                }
                after = page.cursor();
            } while (after != null);
            return Optional.empty();
        } catch (WorkOsException e) {
            if (e.problem() instanceof Refused refused
                    && refused.status() == NOT_FOUND
                    && !shard.scope().isEmpty()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Page<WorkOsObject> list(Shard shard, @Nullable String after) {
        return paced(shard.kind(), shard.scope(), () -> api.list(shard.kind().object(), scope(shard), after));
    }

    private <T> T paced(Mirrored kind, String scope, Supplier<T> call) {
        if (kind != Mirrored.DIRECTORY_USERS) {
            return call.get();
        }
        RateBudget budget = pace.of(scope);
        for (int attempt = 1; ; attempt++) {
            pace.await(budget);
            try {
                return call.get();
            } catch (WorkOsException e) {
                if (!(e.problem() instanceof RateLimited limited) || attempt == TRIES) {
                    throw e;
                }
                budget.refused(limited.retryAfter());
            }
        }
    }

    @Override
    public Instant serverTime() {
        Instant said =
                api.list(ObjectKind.ORGANIZATION, new Scope.Environment(), null).serverTime();
        return said == null ? client.now() : said;
    }

    @Override
    public Instant now() {
        return client.now();
    }

    private static Scope scope(Shard shard) {
        int slash = shard.scope().indexOf('/');
        if (shard.scope().isEmpty()) {
            return new Scope.Environment();
        }
        return slash < 0
                ? new Scope.Of(shard.scope())
                : new Scope.OfGroup(shard.scope().substring(0, slash), shard.parent());
    }

    /** The scope of the lists within an object: its id, for a group behind that of its organization. */
    private static String listOf(Shard shard, WorkOsObject object) {
        return shard.kind() == Mirrored.GROUPS ? shard.scope() + "/" + key(object) : key(object);
    }

    private static Optional<Fetched> inside(WorkOsObject object, String key) {
        return object.inside().stream()
                .filter(part -> key(part).equals(key))
                .findFirst()
                .map(part -> Fetched.objects(List.of(part)));
    }

    private static String key(WorkOsObject object) {
        return String.join("/", object.key());
    }
}
