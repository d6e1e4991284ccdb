package dev.lockstep.session.sealing;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.json.StrictJson;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The JSON inside the seal. Unknown names are passed over, the user is taken and given back as text. */
final class SessionJson {
    private static final int LONGEST_ID = 255;

    private SessionJson() {}

    static String write(SealedSession session) {
        var text = new StringWriter();
        try (JsonGenerator json = StrictJson.MAPPER.createGenerator(text)) {
            json.writeStartObject();
            OrganizationId organization = session.organizationId();
            if (organization != null) {
                json.writeStringProperty("organizationId", organization.value());
            }
            json.writeName("user");
            json.writeRawValue(session.user().json());
            json.writeStringProperty("accessToken", session.accessToken());
            writeText(json, "refreshToken", session.refreshToken());
            writeText(json, "authenticationMethod", session.authenticationMethod());
            Impersonator impersonator = session.impersonator();
            if (impersonator != null) {
                json.writeObjectPropertyStart("impersonator");
                json.writeStringProperty("email", impersonator.email());
                json.writeStringProperty("reason", impersonator.reason());
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    /** Returns the session, or nothing if there is no access token or no user with an id. */
    static Optional<SealedSession> read(String text) {
        try (JsonParser json = StrictJson.MAPPER.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Map<String, String> fields = new HashMap<>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                String value = value(json, text);
                if (value != null) {
                    fields.put(name, value);
                }
            }
            return json.nextToken() == null ? build(fields) : Optional.empty();
        } catch (JacksonException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<SealedSession> build(Map<String, String> fields) {
        String accessToken = fields.get("accessToken");
        String user = fields.get("user");
        if (accessToken == null || user == null) {
            return Optional.empty();
        }
        return UserJson.parse(user)
                .map(parsed -> new SealedSession(
                        accessToken,
                        fields.get("refreshToken"),
                        parsed,
                        impersonator(fields.get("impersonator")),
                        fields.get("authenticationMethod"),
                        organization(fields.get("organizationId"))));
    }

    /** The text of a string, the very characters of an object, and null for everything else. */
    private static @Nullable String value(JsonParser json, String text) {
        JsonToken token = json.nextToken();
        if (token == JsonToken.VALUE_STRING) {
            return json.getString();
        }
        if (token == JsonToken.START_OBJECT) {
            int start = (int) json.currentTokenLocation().getCharOffset();
            json.skipChildren();
            return text.substring(start, (int) json.currentLocation().getCharOffset());
        }
        json.skipChildren();
        return null;
    }

    private static @Nullable OrganizationId organization(@Nullable String id) {
        return id == null || id.isBlank() || id.length() > LONGEST_ID ? null : new OrganizationId(id);
    }

    private static @Nullable Impersonator impersonator(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return StrictJson.object(text)
                .map(object -> new Impersonator(
                        object.path("email").asString(""),
                        object.path("reason").isString() ? object.path("reason").stringValue() : null))
                .orElse(null);
    }

    private static void writeText(JsonGenerator json, String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, value);
        }
    }
}
