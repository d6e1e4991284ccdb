package dev.lockstep.sync.projection;

import dev.lockstep.workos.object.ObjectKind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Every mirrored table: what it is keyed by, what of an object has a column of its own, and what takes it along. */
final class MirrorTables {
    static final MirrorTable USERS = MirrorTable.byId(ObjectKind.USER, "users")
            .texts("email", "first_name", "last_name", "name", "profile_picture_url", "external_id", "locale")
            .flags("email_verified")
            .times("last_sign_in_at")
            .json("metadata");
    static final MirrorTable ORGANIZATIONS = MirrorTable.byId(ObjectKind.ORGANIZATION, "organizations")
            .texts("name", "external_id")
            .json("domains", "metadata")
            .maybe("allow_profiles_outside_organization")
            .oftenMissing("allow_profiles_outside_organization");
    static final MirrorTable MEMBERSHIPS = MirrorTable.byId(
                    ObjectKind.ORGANIZATION_MEMBERSHIP, "organization_memberships")
            .texts("user_id", "organization_id", "status")
            .slugs("role_slugs", "role", "roles")
            .flags("directory_managed")
            .json("custom_attributes")
            .under(USERS, "user_id")
            .under(ORGANIZATIONS, "organization_id");
    static final MirrorTable SESSIONS = MirrorTable.byId(ObjectKind.SESSION, "sessions")
            .texts("user_id", "organization_id", "auth_method", "status", "ip_address", "user_agent")
            .json("impersonator")
            .times("expires_at", "ended_at")
            .under(USERS, "user_id");
    static final MirrorTable DOMAINS = MirrorTable.byId(ObjectKind.ORGANIZATION_DOMAIN, "organization_domains")
            .texts("organization_id", "domain", "state", "verification_strategy")
            .under(ORGANIZATIONS, "organization_id");
    static final MirrorTable ROLES = MirrorTable.byKey(ObjectKind.ROLE, "roles", "slug")
            .text("workos_id", "id")
            .texts("name", "description", "resource_type_slug")
            .slugs("permissions", "permissions")
            .oftenMissing("name");
    static final MirrorTable ORGANIZATION_ROLES = MirrorTable.byKey(
                    ObjectKind.ORGANIZATION_ROLE, "organization_roles", "organization_id", "slug")
            .text("workos_id", "id")
            .texts("name", "description", "resource_type_slug")
            .slugs("permissions", "permissions")
            .under(ORGANIZATIONS, "organization_id");
    static final MirrorTable PERMISSIONS = MirrorTable.byKey(ObjectKind.PERMISSION, "permissions", "slug")
            .text("workos_id", "id")
            .texts("name", "description", "resource_type_slug")
            .flags("system");
    static final MirrorTable INVITATIONS = MirrorTable.byId(ObjectKind.INVITATION, "invitations")
            .texts("email", "state", "organization_id", "inviter_user_id", "accepted_user_id", "role_slug")
            .times("accepted_at", "revoked_at", "expires_at");
    static final MirrorTable DIRECTORIES = MirrorTable.byId(ObjectKind.DIRECTORY, "directories")
            .texts("organization_id", "type", "state", "name", "external_key")
            .json("domains");
    static final MirrorTable DIRECTORY_USERS = MirrorTable.byId(ObjectKind.DIRECTORY_USER, "directory_users")
            .texts("directory_id", "organization_id", "idp_id", "email", "state", "first_name", "last_name", "name")
            .texts("username", "job_title")
            .slugs("role_slugs", "role", "roles")
            .json("emails", "custom_attributes", "raw_attributes")
            .under(DIRECTORIES, "directory_id");
    static final MirrorTable DIRECTORY_GROUPS = MirrorTable.byId(ObjectKind.DIRECTORY_GROUP, "directory_groups")
            .texts("directory_id", "organization_id", "idp_id", "name")
            .json("raw_attributes")
            .under(DIRECTORIES, "directory_id");
    static final MirrorTable DIRECTORY_GROUP_MEMBERS = MirrorTable.byKey(
                    ObjectKind.DIRECTORY_GROUP_MEMBER,
                    "directory_group_members",
                    "directory_group_id",
                    "directory_user_id")
            .text("directory_id", "directory_id", "group.directory_id", "user.directory_id")
            .under(DIRECTORIES, "directory_id")
            .under(DIRECTORY_GROUPS, "directory_group_id")
            .under(DIRECTORY_USERS, "directory_user_id");
    static final MirrorTable CONNECTIONS = MirrorTable.byId(ObjectKind.CONNECTION, "connections")
            .text("connection_type", "connection_type", "type")
            .texts("organization_id", "name", "state", "external_key")
            .json("domains");
    static final MirrorTable GROUPS = MirrorTable.byId(ObjectKind.GROUP, "groups")
            .texts("organization_id", "name", "description")
            .under(ORGANIZATIONS, "organization_id");
    static final MirrorTable GROUP_MEMBERS = MirrorTable.byKey(
                    ObjectKind.GROUP_MEMBER, "group_members", "group_id", "organization_membership_id")
            .under(GROUPS, "group_id")
            .under(MEMBERSHIPS, "organization_membership_id");
    static final MirrorTable FEATURE_FLAGS = MirrorTable.byId(ObjectKind.FEATURE_FLAG, "feature_flags")
            .texts("slug", "name", "description")
            .slugs("tags", "tags")
            .flags("enabled", "default_value");
    static final MirrorTable API_KEYS = MirrorTable.byId(ObjectKind.API_KEY, "api_keys")
            .text("owner_type", "owner.type")
            .text("owner_id", "owner.id")
            .text("organization_id", "owner.organization_id", "organization_id")
            .texts("name", "obfuscated_value")
            .slugs("permissions", "permissions")
            .times("last_used_at", "expires_at")
            .looselyUnder(ORGANIZATIONS, "owner_id")
            .looselyUnder(ORGANIZATIONS, "organization_id")
            .looselyUnder(USERS, "owner_id");

    /** All of them, parents before children. */
    static final List<MirrorTable> ALL = List.of(
            USERS,
            ORGANIZATIONS,
            MEMBERSHIPS,
            SESSIONS,
            DOMAINS,
            ROLES,
            ORGANIZATION_ROLES,
            PERMISSIONS,
            INVITATIONS,
            DIRECTORIES,
            DIRECTORY_USERS,
            DIRECTORY_GROUPS,
            DIRECTORY_GROUP_MEMBERS,
            CONNECTIONS,
            GROUPS,
            GROUP_MEMBERS,
            FEATURE_FLAGS,
            API_KEYS);

    /** What names an organization and may outlive it, or may not. */
    static final List<MirrorTable> OF_ORGANIZATIONS = List.of(DIRECTORIES, CONNECTIONS, INVITATIONS);

    private static final Set<String> PARENTS = ALL.stream()
            .flatMap(table -> table.parents().stream())
            .map(parent -> parent.table().name())
            .collect(Collectors.toUnmodifiableSet());

    private MirrorTables() {}

    /** Whether other rows cannot outlive the rows of this table. */
    static boolean isParent(MirrorTable table) {
        return PARENTS.contains(table.name());
    }

    static MirrorTable of(ObjectKind kind) {
        return switch (kind) {
            case USER -> USERS;
            case ORGANIZATION -> ORGANIZATIONS;
            case ORGANIZATION_MEMBERSHIP -> MEMBERSHIPS;
            case SESSION -> SESSIONS;
            case ORGANIZATION_DOMAIN -> DOMAINS;
            case ROLE -> ROLES;
            case ORGANIZATION_ROLE -> ORGANIZATION_ROLES;
            case PERMISSION -> PERMISSIONS;
            case INVITATION -> INVITATIONS;
            case DIRECTORY -> DIRECTORIES;
            case DIRECTORY_USER -> DIRECTORY_USERS;
            case DIRECTORY_GROUP -> DIRECTORY_GROUPS;
            case DIRECTORY_GROUP_MEMBER -> DIRECTORY_GROUP_MEMBERS;
            case CONNECTION -> CONNECTIONS;
            case GROUP -> GROUPS;
            case GROUP_MEMBER -> GROUP_MEMBERS;
            case FEATURE_FLAG -> FEATURE_FLAGS;
            case API_KEY -> API_KEYS;
        };
    }
}
