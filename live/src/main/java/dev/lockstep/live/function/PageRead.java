package dev.lockstep.live.function;

import dev.lockstep.live.shape.Page;
import dev.lockstep.live.shape.PageOptions;
import dev.lockstep.live.subscription.Stretch;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page: the rows behind its cursor, up to an end that it chooses once. Pages touch without gap or overlap,
 * because each begins just where the one before it ends.
 */
final class PageRead {
    private static final int MOST_ITEMS = 8_192;
    private static final int RECOMMENDED = 512;

    private final TableRead.Reading reading;
    private final Pages pages;
    private final Scan whole;

    PageRead(TableRead.Reading reading, Scan whole) {
        this.reading = reading;
        this.pages = reading.pages();
        this.whole = whole;
    }

    Page<Row> page(PageOptions options) {
        int wanted = options.numItems();
        if (wanted < 1 || wanted > MOST_ITEMS) {
            throw new ArgumentRefused("Field 'paginationOpts.numItems' must be between 1 and " + MOST_ITEMS);
        }
        pages.begin();
        Scan behind = begin(options.cursor());
        Optional<String> end = pages.endBefore(whole)
                .or(() -> Optional.ofNullable(options.endCursor().value()));
        return end.map(cursor -> to(cursor, behind, options)).orElseGet(() -> fresh(behind, options));
    }

    private Scan begin(@Nullable String cursor) {
        if (cursor == null) {
            return whole;
        }
        Pages.Place place = pages.open(cursor, whole);
        if (place.isEnd()) {
            // A client asks behind the end only when it does not know of it.
            throw Pages.invalid();
        }
        return whole.from(new Stretch.Bound(place.position(), false));
    }

    /** The first time: so many rows, and the end is the last of them. */
    private Page<Row> fresh(Scan behind, PageOptions options) {
        int most = Math.min(options.numItems(), options.maximumRowsRead().orElse(Integer.MAX_VALUE));
        most = Math.max(1, most);
        List<Scan.Found> rows = behind.rows(reading.tx(), most + 1);
        boolean done = rows.size() <= most;
        List<Scan.Found> kept = done ? rows : rows.subList(0, most);
        Pages.Place end =
                done ? Pages.Place.END : new Pages.Place(kept.getLast().position());
        return finished(kept, behind, end, pages.cursor(end, whole), null);
    }

    /** Every further time: all rows up to that end, be there more of them now or fewer. */
    private Page<Row> to(String cursor, Scan behind, PageOptions options) {
        Pages.Place end = pages.open(cursor, whole);
        Scan page = end.isEnd() ? behind : behind.to(new Stretch.Bound(end.position(), true));
        int most = Math.min(RangeRead.MOST_ROWS, options.maximumRowsRead().orElse(Integer.MAX_VALUE));
        most = Math.max(2, most);
        List<Scan.Found> rows = page.rows(reading.tx(), most + 1);
        Page.Status status =
                rows.size() > Math.max(RECOMMENDED, 2 * options.numItems()) ? Page.Status.SplitRecommended : null;
        if (rows.size() > most) {
            rows = rows.subList(0, most);
            status = Page.Status.SplitRequired;
        }
        return finished(rows, behind, end, cursor, status);
    }

    private Page<Row> finished(
            List<Scan.Found> rows, Scan behind, Pages.Place end, String cursor, Page.@Nullable Status status) {
        reading.read((end.isEnd() ? behind : behind.to(new Stretch.Bound(end.position(), true))).dependency());
        pages.endsAt(cursor);
        String split = rows.size() < 2
                ? null
                : pages.cursor(new Pages.Place(rows.get((rows.size() - 1) / 2).position()), whole);
        return new Page<>(rows.stream().map(Scan.Found::row).toList(), end.isEnd(), cursor, split, status);
    }
}
