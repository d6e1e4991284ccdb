package dev.lockstep.live.function;

import dev.lockstep.live.subscription.ColumnType.Value;
import dev.lockstep.live.subscription.Stretch;
import dev.lockstep.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Begins reads of one table for one run of a function, within the organization of its caller. */
final class TableRead<T> implements TableReader<T> {
    private final Reading reading;
    private final Source<T> source;
    private final WatchedTables.Table table;
    private final boolean everyOrganization;

    TableRead(Reading reading, Source<T> source, boolean everyOrganization) {
        this.reading = reading;
        this.source = source;
        this.table = reading.watched().require(reading.tx(), source.table());
        this.everyOrganization = everyOrganization;
    }

    /** What a read needs of the run around it. */
    interface Reading {
        WatchedTables watched();

        Tx tx();

        /** The organization of the caller; fails when there is none. */
        String organization();

        /**
         * Told before each statement.
         *
         * @param owned whether a table in it belongs to organizations
         * @param everyOrganization whether rows of all of them are wanted
         */
        void enter(boolean owned, boolean everyOrganization);

        void read(dev.lockstep.live.subscription.Dependency dependency);

        Pages pages();
    }

    @Override
    public TableReader<T> acrossOrganizations() {
        return new TableRead<>(reading, source, true);
    }

    @Override
    public Optional<T> get(Object... key) {
        List<WatchedTables.Column> columns = table.key();
        if (columns.isEmpty() || columns.size() != key.length) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_COLUMN_UNUSABLE,
                    "'" + table.name() + "' has a primary key of " + columns.size() + " columns, get() was given "
                            + key.length);
        }
        Range<T> range = range(columns);
        for (Object part : key) {
            range = range.eq(part);
        }
        return range.unique();
    }

    @Override
    public Range<T> index(String name) {
        return range(source.index(name).stream().map(table::lookup).toList());
    }

    private Range<T> range(List<WatchedTables.Column> index) {
        boolean owned = table.columns().containsKey(source.organization());
        List<Scan.Equal> equal = new ArrayList<>();
        if (owned && !everyOrganization) {
            WatchedTables.Column column = table.lookup(source.organization());
            Value own = column.value(reading.organization());
            equal.add(new Scan.Equal(column, own));
        }
        Scan scan = new Scan(table, source.columns(), equal, List.of(), Stretch.Bound.NONE, Stretch.Bound.NONE, false);
        return new RangeRead<>(reading, source.read(), index, scan, new RangeRead.Owner(owned, everyOrganization));
    }
}
