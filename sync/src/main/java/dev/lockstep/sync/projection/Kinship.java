package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import dev.lockstep.sync.hydrate.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a batch has to do with the parents of its rows and the children of what it buries: finds out, before anything is
 * written, what goes with its parent and which parents are missing, and buries afterwards.
 *
 * <p>Whoever writes a row holds its parents' locks shared and whoever buries an object holds its lock alone, so the two
 * never meet. What goes with its parent has no lock of its own, because there may be a million of it; its row is held
 * instead. Everybody takes locks by key first, then rows of parents' tables in the order of the tables and of their keys,
 * then rows of the other tables: nobody waits for somebody who waits for them.
 */
final class Kinship {
    private static final List<MirrorTable> PARENTS =
            MirrorTables.ALL.stream().filter(MirrorTables::isParent).toList();
    private static final Map<String, Texts> TEXTS =
            MirrorTables.ALL.stream().collect(Collectors.toUnmodifiableMap(MirrorTable::name, Texts::of));

    private final Map<String, Rows> rowsByTable;
    /** Ids that go with this batch, by table. */
    private final Map<String, Set<String>> going = new HashMap<>();
    /** Ids that this batch names as parents and that were gone before, by table. */
    private final Map<String, Set<String>> gone = new HashMap<>();

    private final List<Wanted> missing = new ArrayList<>();

    Kinship(Map<String, Rows> rowsByTable) {
        this.rowsByTable = rowsByTable;
    }

    private record State(String id, boolean gone, boolean goes) {}

    private record Texts(String states, String holdNamed, String holdAll, String holdUnder, List<String> burials) {
        static Texts of(MirrorTable table) {
            return new Texts(
                    table.states(),
                    table.hold(true, false),
                    table.hold(true, true),
                    table.hold(false, true),
                    table.parents().stream().map(table::bury).toList());
        }
    }

    /** To be called when the locks of the batch are held and nothing is written yet. */
    void settle(Tx tx) {
        PARENTS.forEach(table -> settle(tx, table));
    }

    /** Parents that rows of this batch name and that are not there. */
    List<Wanted> missing() {
        return missing;
    }

    private void settle(Tx tx, MirrorTable table) {
        Set<String> goes = going.computeIfAbsent(table.name(), name -> new TreeSet<>());
        goes.addAll(rows(table).goneIds());
        for (MirrorTable.Parent parent : table.parents()) {
            Set<String> lost = new TreeSet<>(of(going, parent.table()));
            lost.addAll(of(gone, parent.table()));
            rows(table).keysUnder(parent.reference(), lost).forEach(key -> goes.add(key.getFirst()));
        }
        Set<String> referenced = referenced(table, false);
        Set<String> there = new TreeSet<>(rows(table).ids());
        Set<String> before = gone.computeIfAbsent(table.name(), name -> new TreeSet<>());
        for (State state : look(tx, table, referenced)) {
            there.add(state.id());
            if (state.goes()) {
                goes.add(state.id());
            }
            if (state.gone()) {
                before.add(state.id());
            }
        }
        referenced(table, true).stream()
                .filter(id -> !there.contains(id))
                .map(id -> new Wanted(table.kind(), List.of(id), Wanted.Reason.PARENT))
                .forEach(missing::add);
    }

    /** What the children in this batch name in the table. */
    private Set<String> referenced(MirrorTable table, boolean alwaysOnly) {
        Set<String> referenced = new TreeSet<>();
        for (MirrorTable child : MirrorTables.ALL) {
            if (rowsByTable.containsKey(child.name())) {
                child.parents().stream()
                        .filter(parent -> parent.table().name().equals(table.name()))
                        .filter(parent -> parent.always() || !alwaysOnly)
                        .forEach(parent -> referenced.addAll(rows(child).references(parent.reference())));
            }
        }
        return referenced;
    }

    private List<State> look(Tx tx, MirrorTable table, Set<String> referenced) {
        Texts texts = text(table);
        boolean cascades = cascades(table);
        if (referenced.isEmpty() && !cascades) {
            return List.of();
        }
        String sql = table.parents().isEmpty() ? texts.states() : cascades ? texts.holdAll() : texts.holdNamed();
        JdbcClient.StatementSpec statement = tx.sql(sql).param("ids", referenced.toArray(String[]::new));
        return (cascades ? withParents(statement, table) : statement)
                .query((row, number) -> new State(row.getString(1), row.getBoolean(2), row.getBoolean(3)))
                .list();
    }

    /** To be called when everything is written: what has a parent that is gone goes now, with the parent's cause. */
    void bury(Tx tx) {
        for (MirrorTable table : MirrorTables.ALL) {
            if (!table.parents().isEmpty()) {
                bury(tx, table);
            }
        }
    }

    private void bury(Tx tx, MirrorTable table) {
        if (cascades(table) && !MirrorTables.isParent(table) && table.parents().size() > 1) {
            withParents(tx.sql(text(table).holdUnder()), table).query().listOfRows();
        }
        for (int each = 0; each < table.parents().size(); each++) {
            MirrorTable.Parent parent = table.parents().get(each);
            Set<String> with = of(going, parent.table());
            List<List<String>> own = rows(table).keysUnder(parent.reference(), of(gone, parent.table()));
            if (!with.isEmpty() || !own.isEmpty()) {
                JdbcClient.StatementSpec statement =
                        tx.sql(text(table).burials().get(each)).param("gone", with.toArray(String[]::new));
                for (int i = 0; i < table.key().size(); i++) {
                    int part = i;
                    statement = statement.param(
                            "own" + i, own.stream().map(key -> key.get(part)).toArray(String[]::new));
                }
                statement.update();
            }
        }
    }

    private boolean cascades(MirrorTable table) {
        return table.parents().stream()
                .anyMatch(parent -> !of(going, parent.table()).isEmpty());
    }

    private JdbcClient.StatementSpec withParents(JdbcClient.StatementSpec statement, MirrorTable table) {
        JdbcClient.StatementSpec bound = statement;
        for (int i = 0; i < table.parents().size(); i++) {
            Set<String> with = of(going, table.parents().get(i).table());
            bound = bound.param("gone" + i, with.toArray(String[]::new));
        }
        return bound;
    }

    private Rows rows(MirrorTable table) {
        Rows rows = rowsByTable.get(table.name());
        return rows == null ? new Rows(table) : rows;
    }

    private static Texts text(MirrorTable table) {
        return Objects.requireNonNull(TEXTS.get(table.name()), table.name());
    }

    private static Set<String> of(Map<String, Set<String>> ids, MirrorTable table) {
        return ids.getOrDefault(table.name(), Set.of());
    }
}
