package dev.lockstep.workos.object;

import java.util.List;

/**
 * The kinds of objects that need no type of their own here: their key and their time of change are read, all else stays
 * JSON. Where the key is, as paths into the object, is the whole difference between them.
 */
public enum ObjectKind {
    /** A domain of an organization. */
    ORGANIZATION_DOMAIN("organization domain", "id"),
    /** A role of the environment; a deleted slug may be used again. */
    ROLE("role", "slug"),
    /** A role of one organization; a deleted slug may be used again. */
    ORGANIZATION_ROLE("organization role", "organization_id", "slug"),
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
    DIRECTORY_GROUP_MEMBER("directory group member", "group.id", "user.id"),
    /** A connection for single sign-on. */
    CONNECTION("connection", "id"),
    /** A group of memberships of an organization. */
    GROUP("group", "id"),
    /** That a membership is in such a group; the pair may come back. */
    GROUP_MEMBER("group member", "group_id", "organization_membership_id"),
    /** A feature flag. */
    FEATURE_FLAG("feature flag", "id"),
    /** An API key of a customer, never its value. */
    API_KEY("API key", "id");

    private final String label;
    private final List<String> key;

    ObjectKind(String label, String... key) {
        this.label = label;
        this.key = List.of(key);
    }

    /** Returns its name in messages. */
    String label() {
        return label;
    }

    /** Returns the paths of its key, names joined by dots. */
    public List<String> key() {
        return key;
    }
}
