package dev.lockstep.sync.projection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a row on its way into a table has the value of each column, and how such rows reach the database: one array of
 * texts for each column, which is less to read there than JSON. Immutable.
 */
final class Layout {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("created_at", "timestamptz"),
            Map.entry("updated_at", "timestamptz"),
            Map.entry("raw", "jsonb"),
            Map.entry("source", "text"),
            Map.entry("deleted_at", "timestamptz"),
            Map.entry("deleted_by", "text"),
            Map.entry("event_at", "timestamptz"),
            Map.entry("event_id", "text"),
            Map.entry("event_updated_at", "timestamptz"),
            Map.entry("snapshot_at", "timestamptz"),
            Map.entry("snapshot_updated_at", "timestamptz"),
            Map.entry("snapshot_digest", "text"));
    private static final Set<String> OF_EVENTS = Set.of("event_at", "event_id", "event_updated_at");
    private static final Set<String> OF_SNAPSHOTS = Set.of("snapshot_at", "snapshot_updated_at", "snapshot_digest");
    private static final Set<String> OF_THE_DELETION = Set.of("deleted_at", "deleted_by");
    /** What the object itself says, beside its columns. */
    private static final Set<String> OF_THE_OBJECT = Set.of("created_at", "updated_at", "raw");

    private static final Map<String, Layout> OF =
            MirrorTables.ALL.stream().collect(Collectors.toUnmodifiableMap(MirrorTable::name, Layout::new));

    private final MirrorTable table;
    private final List<String> names;
    private final Map<String, Integer> places = new HashMap<>();

    private Layout(MirrorTable table) {
        this.table = table;
        this.names = Stream.of(
                        table.key().stream(),
                        table.columns().stream().map(Column::name),
                        MirrorTable.registers().stream().filter(TYPES::containsKey))
                .flatMap(all -> all)
                .toList();
        names.forEach(name -> places.put(name, places.size()));
    }

    static Layout of(MirrorTable table) {
        return Objects.requireNonNull(OF.get(table.name()), table.name());
    }

    /** Which columns a batch of rows has; what the others hold is null. */
    enum Shape {
        /** Objects that lists showed, none of them gone. */
        SNAPSHOTS,
        /** Objects in events. */
        EVENTS,
        /** Anything. */
        ALL,
        /** What is compared with WorkOS: what the objects say. */
        OBJECT;

        private boolean has(String name) {
            return switch (this) {
                case SNAPSHOTS -> !OF_EVENTS.contains(name) && !OF_THE_DELETION.contains(name);
                case EVENTS -> !OF_SNAPSHOTS.contains(name);
                case ALL -> true;
                case OBJECT -> OF_THE_OBJECT.contains(name) || !TYPES.containsKey(name);
            };
        }
    }

    int size() {
        return names.size();
    }

    int place(String column) {
        return Objects.requireNonNull(places.get(column), column);
    }

    List<String> names(Shape shape) {
        return names.stream().filter(shape::has).toList();
    }

    /** Selects rows with typed columns from positional parameters, see {@link #arrays}. */
    String select(Shape shape) {
        List<String> arrays = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        for (String name : names(shape)) {
            arrays.add("CAST(? AS text[])");
            String type = type(name);
            columns.add(type.equals("text") ? "a." + name : "CAST(a." + name + " AS " + type + ") AS " + name);
        }
        return "SELECT " + String.join(", ", columns) + " FROM unnest(" + String.join(", ", arrays) + ") AS a ("
                + String.join(", ", names(shape)) + ")";
    }

    /** The parameters of {@link #select}, in their order. */
    List<Object> arrays(Shape shape, List<MirrorRow> rows) {
        List<Object> arrays = new ArrayList<>();
        for (int place = 0; place < names.size(); place++) {
            if (shape.has(names.get(place))) {
                @Nullable String[] column = new String[rows.size()];
                for (int i = 0; i < column.length; i++) {
                    column[i] = rows.get(i).at(place);
                }
                arrays.add(column);
            }
        }
        return arrays;
    }

    /** The smallest shape that holds all of some rows. */
    static Shape shapeOf(List<MirrorRow> rows) {
        boolean events = rows.stream().anyMatch(row -> row.has("event_at"));
        boolean snapshots = rows.stream().anyMatch(row -> row.has("snapshot_at"));
        boolean deletions = rows.stream().anyMatch(MirrorRow::isGone);
        if (events) {
            return snapshots ? Shape.ALL : Shape.EVENTS;
        }
        return deletions ? Shape.ALL : Shape.SNAPSHOTS;
    }

    private String type(String name) {
        String register = TYPES.get(name);
        return register != null
                ? register
                : table.columns().stream()
                        .filter(column -> column.name().equals(name))
                        .map(column -> column.kind().type())
                        .findFirst()
                        .orElse("text");
    }
}
