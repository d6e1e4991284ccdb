package dev.lockstep.live.shape;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which page a client asks for: the argument {@code paginationOpts} of a paginated query. The cursors come from clients and
 * are worth nothing until the reader has opened them.
 *
 * @param numItems rows wanted
 * @param cursor where the page begins; null for the first
 * @param endCursor where it ends, whatever {@code numItems} says
 * @param id tells one use of a page from another; nothing depends on it
 * @param maximumRowsRead rows that may be read at most
 * @param maximumBytesRead accepted and not used
 */
public record PageOptions(
        int numItems,
        @Nullable String cursor,
        Patch<String> endCursor,
        Optional<Double> id,
        Optional<Integer> maximumRowsRead,
        Optional<Double> maximumBytesRead) {

    /** The first page. */
    public static PageOptions first(int numItems) {
        return from(numItems, null);
    }

    /** The page that begins at a cursor. */
    public static PageOptions from(int numItems, @Nullable String cursor) {
        return new PageOptions(numItems, cursor, Patch.leftOut(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
