package dev.lockstep.workos.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes the secrets out of what WorkOS sends, so that no mirror, log or export can hold them. What a customer stores in
 * free-form attributes is theirs and stays.
 */
public final class Secrets {
    private static final Set<String> ALWAYS = Set.of(
            "token",
            "invitation_token",
            "accept_invitation_url",
            "verification_token",
            "password_reset_token",
            "password_reset_url",
            "password",
            "password_hash",
            "access_token",
            "refresh_token",
            "id_token",
            "oauth_tokens",
            "secret",
            "client_secret",
            "private_key");
    private static final Map<String, Set<String>> BY_OBJECT = Map.of(
            "magic_auth", Set.of("code"),
            "email_verification", Set.of("code"),
            "api_key", Set.of("value"));
    private static final Set<String> FREE_FORM = Set.of("metadata", "custom_attributes", "raw_attributes");

    private Secrets() {}

    /** Returns the value without its secrets: itself when it holds none, else a copy. The argument is left as it is. */
    public static JsonNode strip(JsonNode value) {
        if (!holdsAny(value)) {
            return value;
        }
        JsonNode copy = value.deepCopy();
        stripInPlace(copy);
        return copy;
    }

    private static boolean holdsAny(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Set<String> more = ofIts(object);
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (ALWAYS.contains(field.getKey()) || more.contains(field.getKey())) {
                    return true;
                }
                if (field.getValue().isContainer()
                        && !FREE_FORM.contains(field.getKey())
                        && holdsAny(field.getValue())) {
                    return true;
                }
            }
        } else if (node.isArray()) {
            for (JsonNode item : node) {
                if (holdsAny(item)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Set<String> ofIts(ObjectNode object) {
        JsonNode kind = object.get("object");
        return kind != null && kind.isString() ? BY_OBJECT.getOrDefault(kind.stringValue(), Set.of()) : Set.of();
    }

    private static void stripInPlace(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Set<String> more = ofIts(object);
            List<String> secret = new ArrayList<>();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (ALWAYS.contains(field.getKey()) || more.contains(field.getKey())) {
                    secret.add(field.getKey());
                } else if (!FREE_FORM.contains(field.getKey())) {
                    stripInPlace(field.getValue());
                }
            }
            object.remove(secret);
        } else if (node.isArray()) {
            node.forEach(Secrets::stripInPlace);
        }
    }
}
