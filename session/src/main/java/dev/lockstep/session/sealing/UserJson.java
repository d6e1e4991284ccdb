package dev.lockstep.session.sealing;

import dev.lockstep.identity.UserId;
import dev.lockstep.session.json.StrictJson;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The user object of a session, kept as the very text it came as, so that timestamps and fields we do not know survive.
 * Prints the id only.
 *
 * @param id the user's id
 * @param json one JSON object in the camelCase of WorkOS's JavaScript libraries
 */
public record UserJson(UserId id, String json) {

    /** Returns the user in the camelCase form, or nothing if the text is not an object with an id. */
    public static Optional<UserJson> parse(String json) {
        return StrictJson.object(json).flatMap(UserJson::idOf).map(id -> new UserJson(id, json));
    }

    /**
     * Returns the user as the WorkOS API writes it (snake_case), turned into what WorkOS's JavaScript libraries keep in
     * the cookie; nothing if it is not an object with an id.
     */
    public static Optional<UserJson> fromApi(String apiJson) {
        return StrictJson.object(apiJson).flatMap(api -> {
            ObjectNode user = StrictJson.MAPPER.createObjectNode();
            for (UserField field : UserField.values()) {
                JsonNode value = field.inCookie(api.get(field.apiName));
                if (value != null) {
                    user.set(field.cookieName, value);
                }
            }
            return idOf(user).map(id -> new UserJson(id, StrictJson.MAPPER.writeValueAsString(user)));
        });
    }

    /** Returns a text field by its camelCase name, or nothing if it is missing, null or not text. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(tree().get(name)).filter(JsonNode::isString).map(JsonNode::stringValue);
    }

    /** Returns whether a field is there and true. */
    public boolean flag(String name) {
        JsonNode node = tree().get(name);
        return node != null && node.isBoolean() && node.booleanValue();
    }

    /** Returns the same user without what may be long and is shown nowhere but on a profile page. */
    UserJson trimmed() {
        ObjectNode user = tree();
        user.set("metadata", StrictJson.MAPPER.createObjectNode());
        user.putNull("profilePictureUrl");
        return new UserJson(id, StrictJson.MAPPER.writeValueAsString(user));
    }

    /** Returns a fresh tree of the object. */
    public ObjectNode tree() {
        return StrictJson.object(json).orElseThrow(() -> new IllegalStateException("the user is not a JSON object"));
    }

    @Override
    public String toString() {
        return "UserJson[" + id + "]";
    }

    private static Optional<UserId> idOf(ObjectNode user) {
        return Optional.ofNullable(user.get("id"))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .filter(id -> !id.isBlank() && id.length() <= 255)
                .map(UserId::new);
    }
}
