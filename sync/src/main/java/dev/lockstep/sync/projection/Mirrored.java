package dev.lockstep.sync.projection;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of objects that WorkOS can list and the mirror holds, parents first. Sessions are not among them: listing
 * them would take one call for each user, so they come from events and sign-ins alone.
 */
public enum Mirrored {
    /** Listed for the whole environment. */
    USERS(MirrorTables.USERS, null, null, "''"),
    /** Listed for the whole environment. */
    ORGANIZATIONS(MirrorTables.ORGANIZATIONS, null, null, "''"),
    /** Come with their organizations. */
    ORGANIZATION_DOMAINS(MirrorTables.DOMAINS, ORGANIZATIONS, null, "''"),
    /** Listed within one organization each. */
    MEMBERSHIPS(MirrorTables.MEMBERSHIPS, null, ORGANIZATIONS, "t.organization_id"),
    /** Listed for the whole environment. */
    PERMISSIONS(MirrorTables.PERMISSIONS, null, null, "''"),
    /** Listed for the whole environment. */
    ROLES(MirrorTables.ROLES, null, null, "''"),
    /** Listed within one organization each. */
    ORGANIZATION_ROLES(MirrorTables.ORGANIZATION_ROLES, null, ORGANIZATIONS, "t.organization_id"),
    /** Listed for the whole environment. */
    INVITATIONS(MirrorTables.INVITATIONS, null, null, "''"),
    /** Listed for the whole environment. */
    CONNECTIONS(MirrorTables.CONNECTIONS, null, null, "''"),
    /** Listed for the whole environment. */
    DIRECTORIES(MirrorTables.DIRECTORIES, null, null, "''"),
    /** Listed within one directory each. */
    DIRECTORY_GROUPS(MirrorTables.DIRECTORY_GROUPS, null, DIRECTORIES, "t.directory_id"),
    /** Listed within one directory each. */
    DIRECTORY_USERS(MirrorTables.DIRECTORY_USERS, null, DIRECTORIES, "t.directory_id"),
    /** Come with their directory users. */
    DIRECTORY_GROUP_MEMBERS(MirrorTables.DIRECTORY_GROUP_MEMBERS, DIRECTORY_USERS, null, "t.directory_id"),
    /** Listed for the whole environment. */
    FEATURE_FLAGS(MirrorTables.FEATURE_FLAGS, null, null, "''"),
    /** Listed within one organization each. */
    GROUPS(MirrorTables.GROUPS, null, ORGANIZATIONS, "t.organization_id"),
    /** Listed within one group each; the scope names the organization of the group as well. */
    GROUP_MEMBERS(
            MirrorTables.GROUP_MEMBERS,
            null,
            GROUPS,
            "(SELECT g.organization_id || '/' || g.id FROM workos.groups g WHERE g.id = t.group_id)"),
    /** Listed within one organization each. */
    API_KEYS(MirrorTables.API_KEYS, null, ORGANIZATIONS, "t.organization_id");

    private final MirrorTable table;
    private final @Nullable Mirrored carrier;
    private final @Nullable Mirrored within;
    private final String scope;

    Mirrored(MirrorTable table, @Nullable Mirrored carrier, @Nullable Mirrored within, String scope) {
        this.table = table;
        this.carrier = carrier;
        this.within = within;
        this.scope = scope;
    }

    /** The name of the table in schema {@code workos}, and of the kind wherever it is written down. */
    public String word() {
        return table.name();
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
                .replace("{table}", "workos." + table.name())
                .replace("{key}", key("t"))
                .replace("{cameKey}", key("r"))
                .replace("{firstKey}", table.key().getFirst())
                .replace("{scope}", scope);
    }

    MirrorTable table() {
        return table;
    }

    private String key(String alias) {
        return table.key().stream().map(column -> alias + "." + column).collect(Collectors.joining(" || '/' || "));
    }
}
