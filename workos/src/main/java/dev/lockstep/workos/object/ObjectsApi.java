package dev.lockstep.workos.object;

import dev.lockstep.workos.Call;
import dev.lockstep.workos.Lookup;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.WorkOsClient;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every kind of object of the environment, one by one and page by page: what completes, repairs and compares a mirror.
 * Safe for all threads; every method blocks and throws {@code WorkOsException}.
 */
public final class ObjectsApi {
    private static final String ORGANIZATION_ID = "organization_id";

    private final WorkOsClient client;

    /** Uses a client with its urgency. */
    public ObjectsApi(WorkOsClient client) {
        this.client = client;
    }

    /** What a walk goes over. */
    public sealed interface Scope {
        /** The whole environment. */
        record Environment() implements Scope {}

        /** What belongs to one object, of the kind that {@link ObjectsApi#listedUnder} names. */
        record Of(String id) implements Scope {}

        /** The members of one group, which WorkOS finds only under its organization. */
        record OfGroup(String organization, String group) implements Scope {}
    }

    /** What came of asking for one object. */
    public sealed interface Found {
        /** It is there. */
        record There(WorkOsObject object) implements Found {}

        /** WorkOS itself says that there is none. */
        record Gone() implements Found {}

        /** WorkOS has no way to ask for one of this kind, or only with an id that is not known; a list tells. */
        record NotAskable() implements Found {}
    }

    /**
     * Returns the kind whose id a list of this kind needs, as {@link Scope.Of}; null when it is listed for the whole
     * environment. Members of groups need {@link Scope.OfGroup}.
     */
    public static @Nullable ObjectKind listedUnder(ObjectKind kind) {
        return switch (kind) {
            case USER,
                    ORGANIZATION,
                    ORGANIZATION_DOMAIN,
                    ROLE,
                    PERMISSION,
                    INVITATION,
                    DIRECTORY,
                    CONNECTION,
                    FEATURE_FLAG -> null;
            case ORGANIZATION_MEMBERSHIP, ORGANIZATION_ROLE, GROUP, API_KEY -> ObjectKind.ORGANIZATION;
            case SESSION -> ObjectKind.USER;
            case DIRECTORY_USER, DIRECTORY_GROUP, DIRECTORY_GROUP_MEMBER -> ObjectKind.DIRECTORY;
            case GROUP_MEMBER -> ObjectKind.GROUP;
        };
    }

    /** Returns whether WorkOS answers for one object of the kind by its key, if need be with its organization. */
    public static boolean answersFor(ObjectKind kind) {
        return Endpoints.one(kind, kind.key(), "any").isPresent();
    }

    /**
     * Asks for one object.
     *
     * @param key as in {@link WorkOsObject#key}
     * @param organization the organization that it belongs to, where that is known: WorkOS finds groups only under it
     */
    public Found get(ObjectKind kind, List<String> key, @Nullable String organization) {
        Optional<Call> call = Endpoints.one(kind, key, organization);
        if (call.isEmpty()) {
            return new Found.NotAskable();
        }
        String under = kind == ObjectKind.ORGANIZATION_ROLE ? key.getFirst() : organization;
        Optional<WorkOsObject> found = Lookup.find(client, call.get(), reader(kind, under));
        return found.isPresent() ? new Found.There(found.get()) : new Found.Gone();
    }

    /**
     * Returns one page of the objects of a kind, oldest first. It may be empty without being the last one, because what
     * WorkOS lists beside the kind is left out. Domains and members of directory groups come out of the lists of
     * organizations and directory users, see {@link WorkOsObject#inside}: who walks those needs no list of these.
     *
     * @param scope see {@link #listedUnder}
     * @param after the cursor of the page before, or null for the first
     * @throws IllegalArgumentException when the scope does not fit the kind
     */
    public Page<WorkOsObject> list(ObjectKind kind, Scope scope, @Nullable String after) {
        return switch (kind) {
            case ORGANIZATION_DOMAIN ->
                list(ObjectKind.ORGANIZATION, scope, after).flatMap(WorkOsObject::inside);
            case DIRECTORY_GROUP_MEMBER ->
                list(ObjectKind.DIRECTORY_USER, scope, after).flatMap(WorkOsObject::inside);
            case ORGANIZATION_ROLE ->
                page(kind, scope, after).flatMap(role -> isOfTheEnvironment(role) ? List.of() : List.of(role));
            case GROUP_MEMBER -> members(scope, after);
            case USER,
                    ORGANIZATION,
                    ORGANIZATION_MEMBERSHIP,
                    SESSION,
                    ROLE,
                    PERMISSION,
                    INVITATION,
                    DIRECTORY,
                    DIRECTORY_USER,
                    DIRECTORY_GROUP,
                    CONNECTION,
                    GROUP,
                    FEATURE_FLAG,
                    API_KEY -> page(kind, scope, after);
        };
    }

    private Page<WorkOsObject> page(ObjectKind kind, Scope scope, @Nullable String after) {
        String organization =
                listedUnder(kind) == ObjectKind.ORGANIZATION && scope instanceof Scope.Of(String id) ? id : null;
        return Page.fetch(client, Endpoints.many(kind, scope), after, reader(kind, organization));
    }

    private Page<WorkOsObject> members(Scope scope, @Nullable String after) {
        Call call = Endpoints.many(ObjectKind.GROUP_MEMBER, scope);
        String group = scope instanceof Scope.OfGroup of ? of.group() : "";
        return Page.fetch(client, call, after, json -> {
            WorkOsObject membership = WorkOsObject.from(ObjectKind.ORGANIZATION_MEMBERSHIP, json);
            ObjectNode pair = JsonNodeFactory.instance.objectNode();
            pair.put("group_id", group);
            pair.put("organization_membership_id", membership.key().getFirst());
            return WorkOsObject.from(ObjectKind.GROUP_MEMBER, pair);
        });
    }

    /** What is found under an organization does not always repeat which one. */
    private static Function<JsonNode, WorkOsObject> reader(ObjectKind kind, @Nullable String organization) {
        return json -> {
            boolean silent = kind == ObjectKind.ORGANIZATION_ROLE && organization != null && json.isObject();
            JsonNode whole = silent && !json.has(ORGANIZATION_ID)
                    ? ((ObjectNode) json.deepCopy()).put(ORGANIZATION_ID, organization)
                    : json;
            return WorkOsObject.from(kind, whole);
        };
    }

    private static boolean isOfTheEnvironment(WorkOsObject role) {
        JsonNode type = role.raw().path("type");
        return type.isString() && type.stringValue().equals("EnvironmentRole");
    }
}
