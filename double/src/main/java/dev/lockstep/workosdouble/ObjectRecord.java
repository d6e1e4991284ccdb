package dev.lockstep.workosdouble;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object as the document that the API shows.
 *
 * @param id unique within the kind; of a pair it is both ids with a slash between them
 * @param alias another unique name, like the slug of a role, or null
 * @param owners ids of the objects that it belongs to and is listed by
 * @param json the document as JSON text
 */
public record ObjectRecord(Kind kind, String id, @Nullable String alias, List<String> owners, String json) {
    public ObjectRecord {
        owners = List.copyOf(owners);
    }

    @Override
    public String toString() {
        return "ObjectRecord[" + id + "]";
    }
}
