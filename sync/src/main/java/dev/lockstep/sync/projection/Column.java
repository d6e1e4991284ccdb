package dev.lockstep.sync.projection;

import dev.lockstep.workos.object.WireTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A typed column of a mirrored table and where an object has its value. Reads leniently: what is missing or of another
 * type is null, a flag is then false and a list empty.
 *
 * @param name the name in the table
 * @param kind its type
 * @param paths where to look, the first that has something counts; names joined by a dot lead into an object
 */
record Column(String name, Kind kind, List<String> paths) {
    private static final int LONGEST_SLUG = 255;

    /** The types. */
    enum Kind {
        TEXT("text"),
        FLAG("boolean"),
        /** A flag that is null when it is missing. */
        MAYBE("boolean"),
        TIME("timestamptz"),
        JSON("jsonb"),
        /** An array of texts, from texts or from the slugs of objects, one or many, at all paths together. */
        SLUGS("text[]");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        /** The type of the column in the database. */
        String type() {
            return type;
        }
    }

    /** The value of an object, as the text that PostgreSQL reads for its type. */
    @Nullable
    String text(JsonNode raw) {
        return switch (kind) {
            case TEXT -> word(raw);
            case FLAG -> String.valueOf("true".equals(flag(raw)));
            case MAYBE -> flag(raw);
            case TIME -> time(raw);
            case JSON -> json(raw);
            case SLUGS -> array(slugs(raw));
        };
    }

    private @Nullable String flag(JsonNode raw) {
        for (String path : paths) {
            JsonNode found = at(raw, path);
            if (found.isBoolean()) {
                return String.valueOf(found.booleanValue());
            }
        }
        return null;
    }

    private @Nullable String time(JsonNode raw) {
        String word = word(raw);
        return word == null ? null : MirrorRow.time(WireTime.parse(word).orElse(null));
    }

    private @Nullable String json(JsonNode raw) {
        JsonNode found = raw.get(paths.getFirst());
        return found == null || found.isNull() ? null : found.toString();
    }

    /** An array as PostgreSQL reads it. */
    private static String array(Set<String> texts) {
        return texts.stream()
                .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    private @Nullable String word(JsonNode raw) {
        for (String path : paths) {
            JsonNode found = at(raw, path);
            if (found.isString()) {
                return found.stringValue();
            }
        }
        return null;
    }

    private Set<String> slugs(JsonNode raw) {
        Set<String> slugs = new LinkedHashSet<>();
        for (String path : paths) {
            JsonNode found = at(raw, path);
            if (found.isArray()) {
                found.forEach(item -> addSlug(slugs, item));
            } else {
                addSlug(slugs, found);
            }
        }
        return slugs;
    }

    private static void addSlug(Set<String> slugs, JsonNode item) {
        JsonNode slug = item.isObject() ? item.path("slug") : item;
        if (slug.isString()
                && !slug.stringValue().isBlank()
                && slug.stringValue().length() <= LONGEST_SLUG) {
            slugs.add(slug.stringValue());
        }
    }

    private static JsonNode at(JsonNode raw, String path) {
        if (path.indexOf('.') < 0) {
            return raw.path(path);
        }
        JsonNode found = raw;
        for (String name : path.split("\\.", -1)) {
            found = found.path(name);
        }
        return found;
    }
}
