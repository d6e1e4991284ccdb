package dev.lockstep.sync.projection;

import dev.lockstep.workos.object.WireTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

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
        TEXT,
        FLAG,
        /** A flag that is null when it is missing. */
        MAYBE,
        TIME,
        JSON,
        /** An array of texts, from texts or from the slugs of objects, one or many, at all paths together. */
        SLUGS
    }

    /** Puts the value of an object into its row. */
    void fill(ObjectNode row, JsonNode raw) {
        switch (kind) {
            case TEXT -> row.put(name, text(raw));
            case FLAG ->
                row.put(
                        name,
                        paths.stream()
                                .anyMatch(path -> at(raw, path).isBoolean()
                                        && at(raw, path).booleanValue()));
            case MAYBE ->
                row.put(
                        name,
                        paths.stream()
                                .map(path -> at(raw, path))
                                .filter(JsonNode::isBoolean)
                                .map(JsonNode::booleanValue)
                                .findFirst()
                                .orElse(null));
            case TIME -> {
                String text = text(raw);
                row.put(
                        name,
                        text == null ? null : Rows.time(WireTime.parse(text).orElse(null)));
            }
            case JSON -> row.set(name, Rows.part(raw, paths.getFirst()));
            case SLUGS -> {
                ArrayNode slugs = row.putArray(name);
                slugs(raw).forEach(slugs::add);
            }
        }
    }

    private @Nullable String text(JsonNode raw) {
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
