package dev.lockstep.live.function;

import dev.lockstep.live.shape.Page;
import dev.lockstep.live.shape.PageOptions;
import dev.lockstep.live.subscription.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A stretch of an index on its way to the database. */
final class RangeRead<T> implements Range<T> {
    /** Rows that one read may return. */
    static final int MOST_ROWS = 32_000;

    private final TableRead.Reading reading;
    private final Function<Row, T> read;
    /** The columns of the index that no bound has been given for yet. */
    private final List<WatchedTables.Column> index;

    private final Scan scan;
    private final Owner owner;

    /** Whose the rows are, and whether that matters. */
    record Owner(boolean owned, boolean everyOrganization) {
        void enter(TableRead.Reading reading) {
            if (owned) {
                reading.enter(true, everyOrganization);
            }
        }
    }

    RangeRead(
            TableRead.Reading reading,
            Function<Row, T> read,
            List<WatchedTables.Column> index,
            Scan scan,
            Owner owner) {
        this.reading = reading;
        this.read = read;
        this.index = index;
        this.scan = scan;
        this.owner = owner;
    }

    private Range<T> with(List<WatchedTables.Column> rest, Scan changed) {
        return new RangeRead<>(reading, read, rest, changed, owner);
    }

    @Override
    public Range<T> eq(Object value) {
        if (!scan.lower().values().isEmpty() || !scan.upper().values().isEmpty()) {
            throw new LiveProblem(LiveProblem.Code.LIVE_COLUMN_UNUSABLE, "eq() comes before the other bounds");
        }
        List<Scan.Equal> equal = new ArrayList<>(scan.equal());
        Scan.Equal more = new Scan.Equal(next(), next().value(value));
        if (!equal.contains(more)) {
            equal.add(more);
        }
        return with(
                index.subList(1, index.size()),
                new Scan(scan.table(), scan.wanted(), equal, List.of(), scan.lower(), scan.upper(), scan.descending()));
    }

    private WatchedTables.Column next() {
        if (index.isEmpty()) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_COLUMN_UNUSABLE, "All columns of the index have a value already");
        }
        return index.getFirst();
    }

    @Override
    public Range<T> gt(Object value) {
        return lower(value, false);
    }

    @Override
    public Range<T> gte(Object value) {
        return lower(value, true);
    }

    @Override
    public Range<T> lt(Object value) {
        return upper(value, false);
    }

    @Override
    public Range<T> lte(Object value) {
        return upper(value, true);
    }

    private Range<T> lower(Object value, boolean inclusive) {
        return bounded(bound(value, inclusive), scan.upper());
    }

    private Range<T> upper(Object value, boolean inclusive) {
        return bounded(scan.lower(), bound(value, inclusive));
    }

    private Stretch.Bound bound(Object value, boolean inclusive) {
        WatchedTables.Column column = next();
        if (scan.equal().stream().anyMatch(each -> each.column().equals(column))) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_COLUMN_UNUSABLE,
                    "Column '" + column.name() + "' has one value already; give it by eq() first");
        }
        return new Stretch.Bound(List.of(column.value(value)), inclusive);
    }

    private Range<T> bounded(Stretch.Bound lower, Stretch.Bound upper) {
        return with(
                index, new Scan(scan.table(), scan.wanted(), scan.equal(), List.of(), lower, upper, scan.descending()));
    }

    @Override
    public Range<T> descending() {
        return with(
                index,
                new Scan(scan.table(), scan.wanted(), scan.equal(), List.of(), scan.lower(), scan.upper(), true));
    }

    @Override
    public Optional<T> first() {
        return take(1).stream().findFirst();
    }

    @Override
    public Optional<T> unique() {
        List<T> rows = take(2);
        if (rows.size() > 1) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_NOT_UNIQUE,
                    "Several rows of '" + scan.table().name() + "' are in one place; use collect()");
        }
        return rows.stream().findFirst();
    }

    @Override
    public List<T> take(int most) {
        if (most < 0 || most > MOST_ROWS) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_TOO_MANY_ROWS, "take(" + most + ") is not between 0 and " + MOST_ROWS);
        }
        Scan whole = ordered();
        List<Scan.Found> rows = run(whole, most);
        // When as many came as were asked for, what lies behind the last one was not looked at.
        boolean cut = rows.size() == most && !whole.order().isEmpty();
        if (most > 0) {
            Scan looked = cut ? whole.to(new Stretch.Bound(rows.getLast().position(), true)) : whole;
            reading.read(looked.dependency());
        }
        return rows.stream().map(Scan.Found::row).map(read).toList();
    }

    @Override
    public List<T> collect() {
        Scan whole = ordered();
        reading.read(whole.dependency());
        List<Scan.Found> rows = run(whole, MOST_ROWS + 1);
        if (rows.size() > MOST_ROWS) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_TOO_MANY_ROWS,
                    "collect() on '" + scan.table().name() + "' found more than " + MOST_ROWS
                            + " rows; use paginate()");
        }
        return rows.stream().map(Scan.Found::row).map(read).toList();
    }

    @Override
    public Page<T> paginate(PageOptions options) {
        Scan whole = ordered();
        List<WatchedTables.Column> key = scan.table().key();
        if (key.isEmpty() || !key.stream().allMatch(column -> column.kind().isPresent())) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_COLUMN_UNUSABLE,
                    "'" + scan.table().name()
                            + "' has no primary key that can be ordered here, so its pages have no certain ends");
        }
        owner.enter(reading);
        return new PageRead(reading, whole).page(options).map(read);
    }

    private List<Scan.Found> run(Scan ordered, int most) {
        owner.enter(reading);
        return ordered.rows(reading.tx(), most);
    }

    /** The rest of the index and then the primary key: a place for every row. */
    private Scan ordered() {
        List<WatchedTables.Column> order = new ArrayList<>(index);
        for (WatchedTables.Column key : scan.table().key()) {
            boolean fixed = scan.equal().stream().anyMatch(each -> each.column().equals(key));
            if (!order.contains(key) && !fixed && key.kind().isPresent()) {
                order.add(key);
            }
        }
        List<Scan.Equal> equal = scan.equal();
        order.removeIf(column -> equal.stream().anyMatch(each -> each.column().equals(column)));
        for (WatchedTables.Column column : order) {
            if (!column.notNull()) {
                throw new LiveProblem(
                        LiveProblem.Code.LIVE_COLUMN_UNUSABLE,
                        "Column '" + column.name() + "' of '" + scan.table().name()
                                + "' may be null, so rows have no place in its order; make it NOT NULL or use eq()");
            }
        }
        return new Scan(scan.table(), scan.wanted(), equal, order, scan.lower(), scan.upper(), scan.descending());
    }
}
