package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Rows on their way into one mirrored table, as JSON with the names of its columns; the only writer of that table. */
final class Rows {
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
        return own(table.key().getFirst());
    }

    /** Drops all other rows. */
    void keep(Set<String> keys) {
        rows.removeIf(row -> !keys.contains(String.join("/", keyOf(row))));
    }

    /** The objects of this batch that are gone; what hangs on them has to go too. */
    Set<String> buriedIds() {
        return rows.stream()
                .filter(row -> row.has("deleted_at"))
                .map(row -> row.get(table.key().getFirst()).stringValue())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Joins all rows into the table. One statement may touch a row once, so several observations of one object go one
     * after another; their order does not matter to the merge.
     */
    void write(Tx tx) {
        for (ArrayNode round : rounds()) {
            tx.sql(statements.upsert()).param("rows", round.toString()).update();
        }
    }

    /**
     * A row goes with its parents, whichever of them was heard of first.
     *
     * @param gone the ids that are gone, by table
     * @return the first key of each row that went now
     */
    List<String> buryWithParents(Tx tx, Map<String, Set<String>> gone) {
        List<String> buried = new ArrayList<>();
        for (int each = 0; each < table.parents().size(); each++) {
            Set<String> parents =
                    gone.getOrDefault(table.parents().get(each).table().name(), Set.of());
            if (!parents.isEmpty() || !rows.isEmpty()) {
                var statement = tx.sql(statements.burials().get(each)).param("parents", parents.toArray(String[]::new));
                for (int i = 0; i < table.key().size(); i++) {
                    statement = statement.param("own" + i, own(table.key().get(i)));
                }
                buried.addAll(statement.query(String.class).list());
            }
        }
        return buried;
    }

    private String[] own(String column) {
        return rows.stream()
                .map(row -> row.get(column).stringValue())
                .distinct()
                .sorted()
                .toArray(String[]::new);
    }

    private List<ArrayNode> rounds() {
        List<ArrayNode> rounds = new ArrayList<>();
        Map<List<String>, Integer> seen = new HashMap<>();
        List<ObjectNode> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparing(row -> String.join("/", keyOf(row))));
        for (ObjectNode row : sorted) {
            int round = seen.merge(keyOf(row), 1, Integer::sum) - 1;
            if (round == rounds.size()) {
                rounds.add(JsonNodeFactory.instance.arrayNode());
            }
            rounds.get(round).add(row);
        }
        return rounds;
    }

    private List<String> keyOf(ObjectNode row) {
        return table.key().stream().map(column -> row.get(column).stringValue()).toList();
    }

    /** The texts of one table, assembled once. */
    private record Statements(String upsert, List<String> burials) {
        static final Map<String, Statements> OF =
                MirrorTables.ALL.stream().collect(Collectors.toUnmodifiableMap(MirrorTable::name, Statements::of));

        static Statements of(MirrorTable table) {
            return new Statements(
                    table.upsert(), table.parents().stream().map(table::bury).toList());
        }
    }
}
