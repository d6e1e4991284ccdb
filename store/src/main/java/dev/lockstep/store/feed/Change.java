package dev.lockstep.store.feed;

import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One changed row of a watched table, or the whole table when it was truncated. It carries keys, never other values.
 *
 * @param id orders the changes of one row; across rows it is only roughly the order of writing
 * @param xid the 64-bit id of the writing transaction
 * @param at when the row was written, by the server's clock; the commit was later
 * @param table the qualified name, such as {@code workos.users}
 * @param op what happened
 * @param oldKey the key columns before; empty for INSERT and TRUNCATE
 * @param newKey the key columns after; empty for DELETE and TRUNCATE
 */
public record Change(
        long id,
        long xid,
        Instant at,
        String table,
        Op op,
        Map<String, JsonNode> oldKey,
        Map<String, JsonNode> newKey) {

    /** What happened to the row. */
    public enum Op {
        INSERT,
        UPDATE,
        DELETE,
        /** Every row of the table may have changed. */
        TRUNCATE;

        static Op of(String letter) {
            return switch (letter) {
                case "I" -> INSERT;
                case "U" -> UPDATE;
                case "D" -> DELETE;
                case "T" -> TRUNCATE;
                default -> throw new IllegalArgumentException("Unknown kind of change.");
            };
        }
    }

    /** Keys are copied. */
    public Change {
        oldKey = Map.copyOf(oldKey);
        newKey = Map.copyOf(newKey);
    }
}
