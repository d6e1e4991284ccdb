package dev.lockstep.live.function;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A watched table as functions read it: the record that a row becomes, and its indexes. A component {@code createdAt} is
 * the column {@code created_at}; columns without a component are not read. Immutable.
 *
 * @param <R> the record
 */
public final class LiveTable<R extends Record> {
    private final String name;
    private final Class<R> type;
    private final Map<String, List<String>> indexes;
    private final String organization;

    private LiveTable(String name, Class<R> type, Map<String, List<String>> indexes, String organization) {
        this.name = name;
        this.type = type;
        this.indexes = indexes;
        this.organization = organization;
    }

    /**
     * Describes a table.
     *
     * @param name qualified, such as {@code app.projects}
     * @param type what a row becomes
     */
    public static <R extends Record> LiveTable<R> of(String name, Class<R> type) {
        return new LiveTable<>(name, type, Map.of(), WatchedTables.ORGANIZATION);
    }

    /** Adds an index; its columns in their order, as the database has them. */
    public LiveTable<R> index(String index, String... columns) {
        Map<String, List<String>> more = new LinkedHashMap<>(indexes);
        more.put(index, List.of(columns));
        return new LiveTable<>(name, type, more, organization);
    }

    /** Says which column holds the organization a row belongs to, when it is not {@code organization_id}. */
    public LiveTable<R> organization(String column) {
        return new LiveTable<>(name, type, indexes, column);
    }

    String name() {
        return name;
    }

    Source<R> source() {
        List<String> columns = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            columns.add(RecordRows.column(component.getName()));
        }
        return new Source<>(name, columns, indexes, organization, row -> row.as(type));
    }
}
