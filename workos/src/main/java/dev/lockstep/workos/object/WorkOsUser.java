package dev.lockstep.workos.object;

import dev.lockstep.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A user as WorkOS describes them in an answer or an event. Not the local row, and not the caller of a request.
 *
 * @param id the only field that is always there
 * @param email as written by WorkOS, or null
 * @param name the display name, or null
 * @param firstName or null
 * @param lastName or null
 * @param emailVerified false when WorkOS does not say
 * @param profilePictureUrl as written by WorkOS, unchecked, or null
 * @param externalId the application's own id for the user at WorkOS, or null
 * @param lastSignInAt or null; WorkOS changes it without an event
 * @param locale or null
 * @param createdAt or null
 * @param updatedAt or null; keeps its old value when the user is deleted
 * @param raw the whole object without secrets; shared, not to be changed
 */
public record WorkOsUser(
        UserId id,
        @Nullable String email,
        @Nullable String name,
        @Nullable String firstName,
        @Nullable String lastName,
        boolean emailVerified,
        @Nullable String profilePictureUrl,
        @Nullable String externalId,
        @Nullable Instant lastSignInAt,
        @Nullable String locale,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        JsonNode raw) {

    /**
     * Reads a user.
     *
     * @throws dev.lockstep.workos.WorkOsException (malformed answer) when it is no object or has no id
     */
    public static WorkOsUser from(JsonNode json) {
        Fields fields = Fields.of("user", json);
        return new WorkOsUser(
                new UserId(fields.id("id")),
                fields.text("email"),
                fields.text("name"),
                fields.text("first_name"),
                fields.text("last_name"),
                fields.flag("email_verified"),
                fields.text("profile_picture_url"),
                fields.text("external_id"),
                fields.time("last_sign_in_at"),
                fields.text("locale"),
                fields.time("created_at"),
                fields.time("updated_at"),
                Secrets.strip(json));
    }

    @Override
    public String toString() {
        return "WorkOsUser[" + id + "]";
    }
}
