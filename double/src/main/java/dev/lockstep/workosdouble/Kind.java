package dev.lockstep.workosdouble;

/** The kinds of objects that the double keeps as the documents its API shows. Users, organizations, memberships and sessions are not here. */
public enum Kind {
    DOMAIN("organization_domain", "org_domain"),
    ROLE("role", "role"),
    ORGANIZATION_ROLE("organization_role", "role"),
    PERMISSION("permission", "perm"),
    INVITATION("invitation", "invitation"),
    DIRECTORY("directory", "directory"),
    DIRECTORY_USER("directory_user", "directory_user"),
    DIRECTORY_GROUP("directory_group", "directory_group"),
    /** A pair: its id is {@code group/user}. */
    DIRECTORY_GROUP_MEMBER("directory_group_member", ""),
    CONNECTION("connection", "conn"),
    GROUP("group", "group"),
    /** A pair: its id is {@code group/membership}. */
    GROUP_MEMBER("group_member", ""),
    FLAG("feature_flag", "flag"),
    API_KEY("api_key", "api_key"),
    WEBHOOK_ENDPOINT("webhook_endpoint", "we");

    private final String objectName;
    private final String idPrefix;

    Kind(String objectName, String idPrefix) {
        this.objectName = objectName;
        this.idPrefix = idPrefix;
    }

    /** The name in snake_case, {@code directory_user}. */
    public String objectName() {
        return objectName;
    }

    String idPrefix() {
        return idPrefix;
    }
}
