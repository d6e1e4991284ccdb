package dev.lockstep.session.sealing;

import dev.lockstep.session.json.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The fields of a user, in the order WorkOS's libraries write them, under both of their names. */
enum UserField {
    OBJECT("object", "object", null),
    ID("id", "id", null),
    EMAIL("email", "email", null),
    EMAIL_VERIFIED("email_verified", "emailVerified", null),
    NAME("name", "name", "null"),
    FIRST_NAME("first_name", "firstName", null),
    PROFILE_PICTURE_URL("profile_picture_url", "profilePictureUrl", null),
    LAST_NAME("last_name", "lastName", null),
    LAST_SIGN_IN_AT("last_sign_in_at", "lastSignInAt", null),
    LOCALE("locale", "locale", null),
    CREATED_AT("created_at", "createdAt", null),
    UPDATED_AT("updated_at", "updatedAt", null),
    EXTERNAL_ID("external_id", "externalId", "null"),
    METADATA("metadata", "metadata", "{}");

    final String apiName;
    final String cookieName;
    private final @Nullable String whenMissing;

    UserField(String apiName, String cookieName, @Nullable String whenMissing) {
        this.apiName = apiName;
        this.cookieName = cookieName;
        this.whenMissing = whenMissing;
    }

    /** Returns what stands in the cookie for what the API said, or null if the name is left out. */
    @Nullable
    JsonNode inCookie(@Nullable JsonNode inApi) {
        boolean missing = inApi == null || (inApi.isNull() && whenMissing != null);
        return !missing ? inApi : whenMissing == null ? null : StrictJson.MAPPER.readTree(whenMissing);
    }
}
