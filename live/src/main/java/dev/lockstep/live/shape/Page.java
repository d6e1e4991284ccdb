package dev.lockstep.live.shape;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a paginated query, as the client's {@code usePaginatedQuery} expects it.
 *
 * @param page the rows
 * @param isDone whether this page goes to the end
 * @param continueCursor where the next page begins; opaque, and of use only to the same query
 * @param splitCursor a place in the middle where the page may be cut in two, or null
 * @param pageStatus whether it has grown so much that it should be cut, or null
 */
public record Page<T>(
        List<T> page,
        boolean isDone,
        String continueCursor,
        @Nullable String splitCursor,
        @Nullable Status pageStatus) {
    public Page {
        page = List.copyOf(page);
    }

    /** Whether a page has grown. The names are those of the protocol. */
    public enum Status {
        /** It works, but two pages would be better. */
        SplitRecommended,
        /** It holds only a part of its rows; the client hides it until it is cut. */
        SplitRequired
    }

    /** The same page with something made of each row. */
    public <R> Page<R> map(Function<? super T, ? extends R> each) {
        return new Page<>(page.stream().<R>map(each).toList(), isDone, continueCursor, splitCursor, pageStatus);
    }
}
