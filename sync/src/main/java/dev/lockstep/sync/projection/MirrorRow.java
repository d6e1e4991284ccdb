package dev.lockstep.sync.projection;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A row on its way into a mirrored table: each value as the text that PostgreSQL reads for its type, or null. For one
 * thread.
 */
final class MirrorRow {
    private final Layout layout;
    private final List<String> key;
    private final @Nullable String[] values;

    /** A row with its key, its typed columns and the object. */
    MirrorRow(MirrorTable table, List<String> key, JsonNode raw) {
        this.layout = Layout.of(table);
        this.key = List.copyOf(key);
        this.values = new String[layout.size()];
        int place = 0;
        for (String part : key) {
            values[place++] = part;
        }
        for (Column column : table.columns()) {
            values[place++] = column.text(raw);
        }
        set("raw", raw.toString());
    }

    /** Writes a time as PostgreSQL holds it; what it cannot hold is cut, not rounded. */
    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS).toString();
    }

    List<String> key() {
        return key;
    }

    /** The parts of the key joined by slashes. */
    String name() {
        return key.size() == 1 ? key.getFirst() : String.join("/", key);
    }

    @Nullable
    String get(String column) {
        return values[layout.place(column)];
    }

    boolean has(String column) {
        return get(column) != null;
    }

    /** A value that is known to be there. */
    String said(String column) {
        String value = get(column);
        if (value == null) {
            throw new IllegalStateException("a row has no " + column);
        }
        return value;
    }

    @Nullable
    String at(int place) {
        return values[place];
    }

    void set(String column, @Nullable String value) {
        values[layout.place(column)] = value;
    }

    boolean isGone() {
        return has("deleted_at");
    }
}
