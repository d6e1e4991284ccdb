package dev.lockstep.workos.object;

import dev.lockstep.workos.Call;
import dev.lockstep.workos.object.ObjectsApi.Scope;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where WorkOS keeps each kind of object. */
final class Endpoints {
    private static final String EVERY_STATUS = "active,inactive,pending";

    private Endpoints() {}

    /** Returns the call for one object; empty when there is none, or none without its organization. */
    static Optional<Call> one(ObjectKind kind, List<String> key, @Nullable String organization) {
        String first = Call.segment(key.getFirst());
        return Optional.ofNullable(
                switch (kind) {
                    case USER -> Call.get("/user_management/users/" + first);
                    case ORGANIZATION -> Call.get("/organizations/" + first);
                    case ORGANIZATION_MEMBERSHIP -> Call.get("/user_management/organization_memberships/" + first);
                    case ORGANIZATION_DOMAIN -> Call.get("/organization_domains/" + first);
                    case ROLE -> Call.get("/authorization/roles/" + first);
                    case ORGANIZATION_ROLE ->
                        Call.get("/authorization/organizations/" + first + "/roles/" + Call.segment(key.getLast()));
                    case PERMISSION -> Call.get("/authorization/permissions/" + first);
                    case INVITATION -> Call.get("/user_management/invitations/" + first);
                    case DIRECTORY -> Call.get("/directories/" + first);
                    case DIRECTORY_USER -> Call.get("/directory_users/" + first);
                    case DIRECTORY_GROUP -> Call.get("/directory_groups/" + first);
                    case CONNECTION -> Call.get("/connections/" + first);
                    case GROUP ->
                        organization == null
                                ? null
                                : Call.get("/organizations/" + Call.segment(organization) + "/groups/" + first);
                    case SESSION, DIRECTORY_GROUP_MEMBER, GROUP_MEMBER, FEATURE_FLAG, API_KEY -> null;
                });
    }

    /** Returns the call for a list. */
    static Call many(ObjectKind kind, Scope scope) {
        return switch (scope) {
            case Scope.Environment() -> everywhere(kind);
            case Scope.Of(String id) -> under(kind, id);
            case Scope.OfGroup(String organization, String group) -> {
                if (kind != ObjectKind.GROUP_MEMBER) {
                    throw unfit(kind, scope);
                }
                yield Call.get("/organizations/" + Call.segment(organization) + "/groups/" + Call.segment(group)
                        + "/organization-memberships");
            }
        };
    }

    private static Call everywhere(ObjectKind kind) {
        return switch (kind) {
            case USER -> Call.get("/user_management/users");
            case ORGANIZATION -> Call.get("/organizations");
            case ROLE -> Call.get("/authorization/roles");
            case PERMISSION -> Call.get("/authorization/permissions");
            case INVITATION -> Call.get("/user_management/invitations");
            case DIRECTORY -> Call.get("/directories");
            case CONNECTION -> Call.get("/connections");
            case FEATURE_FLAG -> Call.get("/feature-flags");
            case ORGANIZATION_MEMBERSHIP,
                    SESSION,
                    ORGANIZATION_DOMAIN,
                    ORGANIZATION_ROLE,
                    DIRECTORY_USER,
                    DIRECTORY_GROUP,
                    DIRECTORY_GROUP_MEMBER,
                    GROUP,
                    GROUP_MEMBER,
                    API_KEY -> throw unfit(kind, new Scope.Environment());
        };
    }

    private static Call under(ObjectKind kind, String id) {
        return switch (kind) {
            case ORGANIZATION_MEMBERSHIP ->
                Call.get("/user_management/organization_memberships")
                        .with("organization_id", id)
                        .with("statuses", EVERY_STATUS);
            case SESSION -> Call.get("/user_management/users/" + Call.segment(id) + "/sessions");
            case ORGANIZATION_ROLE -> Call.get("/authorization/organizations/" + Call.segment(id) + "/roles");
            case DIRECTORY_USER ->
                Call.get("/directory_users").with("directory", id).withOwnLimit();
            case DIRECTORY_GROUP -> Call.get("/directory_groups").with("directory", id);
            case GROUP -> Call.get("/organizations/" + Call.segment(id) + "/groups");
            case API_KEY -> Call.get("/organizations/" + Call.segment(id) + "/api_keys");
            case USER,
                    ORGANIZATION,
                    ORGANIZATION_DOMAIN,
                    ROLE,
                    PERMISSION,
                    INVITATION,
                    DIRECTORY,
                    DIRECTORY_GROUP_MEMBER,
                    CONNECTION,
                    GROUP_MEMBER,
                    FEATURE_FLAG -> throw unfit(kind, new Scope.Of(id));
        };
    }

    private static IllegalArgumentException unfit(ObjectKind kind, Scope scope) {
        return new IllegalArgumentException("WorkOS has no list of " + kind.label() + "s for "
                + scope.getClass().getSimpleName() + "; ask ObjectsApi.listedUnder for the scope of the kind");
    }
}
