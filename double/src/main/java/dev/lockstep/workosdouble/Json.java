package dev.lockstep.workosdouble;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.lockstep.identity.EventId;
import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;

/** JSON as WorkOS writes it: snake_case, bare ids, instants with exactly three decimals. */
final class Json {
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final JsonMapper MAPPER = mapper();

    private Json() {}

    private static JsonMapper mapper() {
        JsonMapper.Builder builder = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                // Journals of older versions lack newer fields.
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .addModule(new SimpleModule().addSerializer(Instant.class, new InstantText()));
        for (Class<?> id : List.of(
                UserId.class,
                OrganizationId.class,
                MembershipId.class,
                SessionId.class,
                EventId.class,
                RoleSlug.class,
                Permission.class)) {
            builder.addMixIn(id, BareId.class);
        }
        return builder.build();
    }

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static ObjectNode tree(Object value) {
        return (ObjectNode) MAPPER.<JsonNode>valueToTree(value);
    }

    static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** The text must be one JSON object, else {@link JacksonException}. */
    static JsonNode parse(String json) {
        return MAPPER.readTree(json);
    }

    /** The text must be one JSON object. */
    static ObjectNode objectOf(String json) {
        return (ObjectNode) MAPPER.readTree(json);
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String instant(Instant at) {
        return MILLISECONDS.format(at);
    }

    /** Makes an id record look like its text. */
    abstract static class BareId {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        BareId(String value) {}

        @JsonValue
        abstract String value();
    }

    private static final class InstantText extends StdSerializer<Instant> {
        InstantText() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializationContext context) throws JacksonException {
            out.writeString(instant(value));
        }
    }
}
