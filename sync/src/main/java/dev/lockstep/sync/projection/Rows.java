package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Rows on their way into one mirrored table, as JSON with the names of its columns; the only writer of that table. */
final class Rows {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final MirrorTable table;
    private final Statements statements;
    private final List<ObjectNode> rows = new ArrayList<>();

    Rows(MirrorTable table) {
        this.table = table;
        this.statements = Objects.requireNonNull(Statements.OF.get(table.name()), table.name());
    }

    /** Writes a time as PostgreSQL holds it; what it cannot hold is cut, not rounded. */
    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS).toString();
    }

    static @Nullable JsonNode part(JsonNode raw, String name) {
        JsonNode found = raw.get(name);
        return found == null || found.isNull() ? null : found;
    }

    /** The object as the mirror holds it, gone or not. */
    static Optional<JsonNode> raw(Tx tx, MirrorTable table, List<String> key) {
        return byKey(tx, Objects.requireNonNull(Statements.OF.get(table.name())).raw(), key)
                .query(String.class)
                .optional()
                .map(JSON::readTree);
    }

    /** Whether the mirror has the object and does not know that it is gone. */
    static boolean isAlive(Tx tx, MirrorTable table, List<String> key) {
        String raw = Objects.requireNonNull(Statements.OF.get(table.name())).raw();
        return byKey(tx, raw + " AND deleted_at IS NULL", key)
                .query(String.class)
                .optional()
                .isPresent();
    }

    private static JdbcClient.StatementSpec byKey(Tx tx, String sql, List<String> key) {
        JdbcClient.StatementSpec statement = tx.sql(sql);
        for (int i = 0; i < key.size(); i++) {
            statement = statement.param("key" + i, key.get(i));
        }
        return statement;
    }

    void add(ObjectNode row) {
        rows.add(row);
    }

    /** The rows as they would be inserted. */
    ArrayNode json() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        rows.forEach(all::add);
        return all;
    }

    int size() {
        return rows.size();
    }

    /** The keys, once each, their parts joined by slashes. */
    List<String> keys() {
        return rows.stream()
                .map(row -> String.join("/", keyOf(row)))
                .distinct()
                .sorted()
                .toList();
    }

    /** The first parts of the keys, for an index to begin with. */
    String[] firstKeys() {
        return ids().toArray(String[]::new);
    }

    /** Drops all other rows. */
    void keep(Set<String> keys) {
        rows.removeIf(row -> !keys.contains(String.join("/", keyOf(row))));
    }

    /** The first keys of all rows. */
    Set<String> ids() {
        return rows.stream()
                .map(row -> row.get(table.key().getFirst()).stringValue())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The objects of this batch that are gone; what hangs on them has to go too. */
    Set<String> goneIds() {
        return rows.stream()
                .filter(row -> row.has("deleted_at"))
                .map(row -> row.get(table.key().getFirst()).stringValue())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a column names, without nulls. */
    Set<String> references(String column) {
        return rows.stream()
                .map(row -> row.path(column))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The keys of the rows whose column names one of some ids. */
    List<List<String>> keysUnder(String column, Set<String> ids) {
        return rows.stream()
                .filter(row -> row.path(column).isString()
                        && ids.contains(row.path(column).stringValue()))
                .map(this::keyOf)
                .toList();
    }

    /**
     * Joins all rows into the table. One statement may touch a row once: events about one object are joined here first,
     * other observations of it go one after another. Neither order nor grouping matters to the merge.
     *
     * @param loud whether somebody is told about each change; then no two events may become one change
     * @return the keys of objects of which two different events are of one moment
     */
    Set<List<String>> write(Tx tx, boolean loud) {
        Joined joined = new Joined(table.rule(), loud);
        rows.forEach(row -> joined.add(keyOf(row), row));
        Set<List<String>> tied = new HashSet<>(joined.tied());
        for (ArrayNode round : joined.rounds()) {
            tied.addAll(tx.sql(statements.upsert())
                    .param("rows", round.toString())
                    .query((row, number) -> {
                        List<String> key = new ArrayList<>();
                        for (int i = 1; i <= table.key().size(); i++) {
                            key.add(row.getString(i));
                        }
                        return List.copyOf(key);
                    })
                    .list());
        }
        return tied;
    }

    private List<String> keyOf(ObjectNode row) {
        return table.key().stream().map(column -> row.get(column).stringValue()).toList();
    }

    /** The texts of one table, assembled once. */
    private record Statements(String upsert, String raw) {
        static final Map<String, Statements> OF = MirrorTables.ALL.stream()
                .collect(Collectors.toUnmodifiableMap(
                        MirrorTable::name, table -> new Statements(table.upsert(), table.raw())));
    }
}
