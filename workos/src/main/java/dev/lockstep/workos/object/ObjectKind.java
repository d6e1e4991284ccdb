package dev.lockstep.workos.object;

import java.util.List;

/**
 * The kinds of objects that WorkOS has. Of each the key and the time of change are read, all else stays JSON; where the
 * key is, as paths into the object, is the whole difference between them.
 */
public enum ObjectKind {
    /** A user. */
    USER("user", "id"),
    /** An organization. */
    ORGANIZATION("organization", "id"),
    /** That a user belongs to an organization; who leaves and returns gets a new one. */
    ORGANIZATION_MEMBERSHIP("organization membership", "id"),
    /** A session of a user. */
    SESSION("session", "id"),
    /** A domain of an organization. */
    ORGANIZATION_DOMAIN("organization domain", "id"),
    /** A role of the environment; a deleted slug may be used again. */
    ROLE("role", "slug"),
    /** A role of one organization; a deleted slug may be used again. */
    ORGANIZATION_ROLE("organization role", "organization_id slug"),
    /** A permission; a deleted slug may be used again. */
    PERMISSION("permission", "slug"),
    /** An invitation, which stays as history when it is over. */
    INVITATION("invitation", "id"),
    /** A connected directory. */
    DIRECTORY("directory", "id"),
    /** A person in a directory; who returns gets a new id. */
    DIRECTORY_USER("directory user", "id"),
    /** A group in a directory. */
    DIRECTORY_GROUP("directory group", "id"),
    /** That a person is in a group of a directory; the pair may come back. */
    DIRECTORY_GROUP_MEMBER("directory group member", "group.id user.id"),
    /** A connection for single sign-on. */
    CONNECTION("connection", "id"),
    /** A group of memberships of an organization. */
    GROUP("group", "id"),
    /** That a membership is in such a group; the pair may come back. */
    GROUP_MEMBER("group member", "group_id organization_membership_id"),
    /** A feature flag. */
    FEATURE_FLAG("feature flag", "id"),
    /** An API key of a customer, never its value. */
    API_KEY("API key", "id");

    private final String label;
    private final String paths;

    /** The paths are parted by blanks, the names in a path by dots. */
    ObjectKind(String label, String paths) {
        this.label = label;
        this.paths = paths;
    }

    /** Returns its name in messages. */
    public String label() {
        return label;
    }

    /** Returns the paths of its key, names joined by dots. */
    public List<String> key() {
        return List.of(paths.split(" ", -1));
    }
}
