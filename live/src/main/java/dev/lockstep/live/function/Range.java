package dev.lockstep.live.function;

import dev.lockstep.live.shape.Page;
import dev.lockstep.live.shape.PageOptions;
import java.util.List;
import java.util.Optional;

/**
 * A stretch of an index. {@link #eq} takes its columns from the left; the other bounds are about the column after these.
 * Rows come in the order of the index, text by its bytes, and then of the primary key. Values are given as String, UUID,
 * Boolean, Integer, Long, Instant or LocalDate. Immutable.
 *
 * @param <T> what a row is read as
 */
public interface Range<T> {
    /** The next column has this value. */
    Range<T> eq(Object value);

    /** The column after these is greater. */
    Range<T> gt(Object value);

    /** The column after these is greater or equal. */
    Range<T> gte(Object value);

    /** The column after these is less. */
    Range<T> lt(Object value);

    /** The column after these is less or equal. */
    Range<T> lte(Object value);

    /** The other way round: the greatest first. */
    Range<T> descending();

    /** The first row. */
    Optional<T> first();

    /**
     * The only row.
     *
     * @throws LiveProblem when there are several
     */
    Optional<T> unique();

    /** The first rows, at most so many. */
    List<T> take(int most);

    /**
     * All rows.
     *
     * @throws LiveProblem when there are more than 32,000
     */
    List<T> collect();

    /**
     * One page. A function may read one page only; when it runs again, the page keeps its end, whatever has come or gone.
     *
     * @throws LiveError with InvalidCursor when a cursor is not one that this query gave to this caller
     */
    Page<T> paginate(PageOptions options);
}
