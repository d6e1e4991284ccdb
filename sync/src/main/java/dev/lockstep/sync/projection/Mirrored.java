package dev.lockstep.sync.projection;

import dev.lockstep.workos.object.ObjectKind;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of objects that WorkOS can list and the mirror holds, parents first. Sessions are not among them: listing
 * them would take one call for each user, so they come from events and sign-ins alone.
 */
public enum Mirrored {
    /** Listed for the whole environment. */
    USERS(ObjectKind.USER, null, null, "''"),
    /** Listed for the whole environment. */
    ORGANIZATIONS(ObjectKind.ORGANIZATION, null, null, "''"),
    /** Come with their organizations. */
    ORGANIZATION_DOMAINS(ObjectKind.ORGANIZATION_DOMAIN, ORGANIZATIONS, null, "''"),
    /** Listed within one organization each. */
    MEMBERSHIPS(ObjectKind.ORGANIZATION_MEMBERSHIP, null, ORGANIZATIONS, "t.organization_id"),
    /** Listed for the whole environment. */
    PERMISSIONS(ObjectKind.PERMISSION, null, null, "''"),
    /** Listed for the whole environment. */
    ROLES(ObjectKind.ROLE, null, null, "''"),
    /** Listed within one organization each. */
    ORGANIZATION_ROLES(ObjectKind.ORGANIZATION_ROLE, null, ORGANIZATIONS, "t.organization_id"),
    /** Listed for the whole environment. */
    INVITATIONS(ObjectKind.INVITATION, null, null, "''"),
    /** Listed for the whole environment. */
    CONNECTIONS(ObjectKind.CONNECTION, null, null, "''"),
    /** Listed for the whole environment. */
    DIRECTORIES(ObjectKind.DIRECTORY, null, null, "''"),
    /** Listed within one directory each. */
    DIRECTORY_GROUPS(ObjectKind.DIRECTORY_GROUP, null, DIRECTORIES, "t.directory_id"),
    /** Listed within one directory each. */
    DIRECTORY_USERS(ObjectKind.DIRECTORY_USER, null, DIRECTORIES, "t.directory_id"),
    /** Come with their directory users. */
    DIRECTORY_GROUP_MEMBERS(ObjectKind.DIRECTORY_GROUP_MEMBER, DIRECTORY_USERS, null, "t.directory_id"),
    /** Listed for the whole environment. */
    FEATURE_FLAGS(ObjectKind.FEATURE_FLAG, null, null, "''"),
    /** Listed within one organization each. */
    GROUPS(ObjectKind.GROUP, null, ORGANIZATIONS, "t.organization_id"),
    /** Listed within one group each; the scope names the organization of the group as well. */
    GROUP_MEMBERS(
            ObjectKind.GROUP_MEMBER,
            null,
            GROUPS,
            "(SELECT g.organization_id || '/' || g.id FROM workos.groups g WHERE g.id = t.group_id)"),
    /** Those of organizations, listed within one each; those of users are in no list. */
    API_KEYS(ObjectKind.API_KEY, null, ORGANIZATIONS, "CASE WHEN t.owner_type = 'organization' THEN t.owner_id END");

    private final ObjectKind object;
    private final @Nullable Mirrored carrier;
    private final @Nullable Mirrored within;
    private final String scope;

    Mirrored(ObjectKind object, @Nullable Mirrored carrier, @Nullable Mirrored within, String scope) {
        this.object = object;
        this.carrier = carrier;
        this.within = within;
        this.scope = scope;
    }

    /** The name of the table in schema {@code workos}, and of the kind wherever it is written down. */
    public String word() {
        return table().name();
    }

    /** The kind behind a {@link #word}. */
    public static Mirrored of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the mirror has no such kind of object"));
    }

    /** The kind whose objects carry these inside; itself when WorkOS has a list of them. */
    public Mirrored carrier() {
        return carrier == null ? this : carrier;
    }

    /** The kind of object within each of which WorkOS lists them, or null when there is one list of all. */
    public @Nullable Mirrored within() {
        return within;
    }

    /**
     * Puts this kind into a statement that is written for all of them, under the alias t: its table, its key as one
     * text, and the scope of the list that would show a row.
     */
    public String in(String statement) {
        return statement
                .replace("{table}", "workos." + table().name())
                .replace("{key}", key("t"))
                .replace("{cameKey}", key("r"))
                .replace("{firstKey}", table().key().getFirst())
                .replace("{scope}", scope);
    }

    /** What WorkOS calls it. */
    public ObjectKind object() {
        return object;
    }

    MirrorTable table() {
        return MirrorTables.of(object);
    }

    private String key(String alias) {
        return table().key().stream().map(column -> alias + "." + column).collect(Collectors.joining(" || '/' || "));
    }
}
