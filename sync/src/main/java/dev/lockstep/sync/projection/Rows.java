package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import dev.lockstep.sync.projection.Layout.Shape;
import dev.lockstep.sync.work.MergeTally;
import dev.lockstep.sync.work.MergeTally.Outcome;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
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

/** Rows on their way into one mirrored table; the only writer of that table. */
final class Rows {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final MirrorTable table;
    private final Statements statements;
    private final List<MirrorRow> rows = new ArrayList<>();
    /** Of the rows that were written last: how many reached the database, changed a row, left it gone, and tied. */
    private long sent;

    private long written;
    private long buried;
    private long ties;

    Rows(MirrorTable table) {
        this.table = table;
        this.statements = Objects.requireNonNull(Statements.OF.get(table.name()), table.name());
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

    void add(MirrorRow row) {
        rows.add(row);
    }

    void addAll(Rows others) {
        rows.addAll(others.rows);
    }

    MirrorTable table() {
        return table;
    }

    /** Selects what the objects say, with parameters of {@link #objects}. */
    static String select(MirrorTable table) {
        return Layout.of(table).select(Shape.OBJECT);
    }

    /** What the objects say, one array for each column. */
    List<Object> objects() {
        return Layout.of(table).arrays(Shape.OBJECT, rows);
    }

    boolean hasEvents() {
        return rows.stream().anyMatch(row -> row.has("event_at"));
    }

    int size() {
        return rows.size();
    }

    /** The keys, once each, their parts joined by slashes. */
    List<String> keys() {
        return rows.stream().map(MirrorRow::name).distinct().sorted().toList();
    }

    /** The first parts of the keys, for an index to begin with. */
    String[] firstKeys() {
        return ids().toArray(String[]::new);
    }

    /** Drops all other rows. */
    void keep(Set<String> keys) {
        rows.removeIf(row -> !keys.contains(row.name()));
    }

    /** The first keys of all rows. */
    Set<String> ids() {
        return rows.stream().map(row -> row.key().getFirst()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The objects of this batch that are gone; what hangs on them has to go too. */
    Set<String> goneIds() {
        return rows.stream()
                .filter(MirrorRow::isGone)
                .map(row -> row.key().getFirst())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a column names, without nulls. */
    Set<String> references(String column) {
        return rows.stream()
                .map(row -> row.get(column))
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The keys of the rows whose column names one of some ids. */
    List<List<String>> keysUnder(String column, Set<String> ids) {
        return rows.stream()
                .filter(row -> row.get(column) != null && ids.contains(row.said(column)))
                .map(MirrorRow::key)
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
        rows.forEach(joined::add);
        Set<List<String>> tied = new HashSet<>(joined.tied());
        sent = 0;
        written = 0;
        buried = 0;
        for (List<MirrorRow> round : joined.rounds()) {
            Shape shape = Layout.shapeOf(round);
            sent += round.size();
            switch (shape) {
                case SNAPSHOTS ->
                    written += tx.sql(statements.snapshots())
                            .params(Layout.of(table).arrays(shape, round))
                            .update();
                case EVENTS -> join(tx, shape, statements.events(), withoutLater(tx, round), tied);
                case ALL, OBJECT -> join(tx, shape, statements.all(), round, tied);
            }
        }
        ties = tied.size();
        return tied;
    }

    private void join(Tx tx, Shape shape, String statement, List<MirrorRow> some, Set<List<String>> tied) {
        if (!some.isEmpty()) {
            tx.sql(statement).params(Layout.of(table).arrays(shape, some)).query(row -> {
                takeIn(row, tied);
            });
        }
    }

    /** Joins what needs no weighing, as nearly all does, and returns the rest. */
    private List<MirrorRow> withoutLater(Tx tx, List<MirrorRow> events) {
        String laterEvents = statements.laterEvents();
        if (laterEvents == null) {
            return events;
        }
        List<Object> parameters = Layout.of(table).arrays(Shape.EVENTS, events);
        parameters.add(events.size());
        List<MirrorRow> rest = new ArrayList<>();
        tx.sql(laterEvents).params(parameters).query(row -> {
            written += row.getLong(1);
            buried += row.getLong(2);
            if (row.getLong(1) < events.size()) {
                Set<String> joined = joined(row);
                events.stream()
                        .filter(event -> !joined.contains(event.key().getFirst()))
                        .forEach(rest::add);
            }
        });
        return rest;
    }

    private static Set<String> joined(ResultSet row) throws SQLException {
        Array keys = row.getArray(3);
        return keys == null ? Set.of() : Set.of((String[]) keys.getArray());
    }

    /** What became of the rows when they were written last. */
    void count(MergeTally tally) {
        tally.count(table.name(), Outcome.APPLIED, written - buried);
        tally.count(table.name(), Outcome.TOMBSTONED, buried);
        tally.count(table.name(), Outcome.STALE, sent - written);
        tally.count(table.name(), Outcome.JOINED, rows.size() - sent);
        tally.count(table.name(), Outcome.TIE, ties);
    }

    private void takeIn(ResultSet row, Set<List<String>> tied) throws SQLException {
        List<String> key = new ArrayList<>();
        for (int i = 1; i <= table.key().size(); i++) {
            key.add(row.getString(Upsert.COUNTS + i));
        }
        if (key.getFirst() == null) {
            written += row.getLong(1);
            buried += row.getLong(2);
        } else {
            tied.add(List.copyOf(key));
        }
    }

    /** The texts of one table, assembled once. */
    private record Statements(
            String snapshots, String events, @Nullable String laterEvents, String all, String raw) {
        static final Map<String, Statements> OF =
                MirrorTables.ALL.stream().collect(Collectors.toUnmodifiableMap(MirrorTable::name, Statements::of));

        static Statements of(MirrorTable table) {
            return new Statements(
                    Upsert.of(table, Shape.SNAPSHOTS),
                    Upsert.of(table, Shape.EVENTS),
                    switch (table.rule()) {
                        case TERMINAL -> Upsert.ofLaterEvents(table);
                        case RETURNING -> null;
                    },
                    Upsert.of(table, Shape.ALL),
                    table.raw());
        }
    }
}
