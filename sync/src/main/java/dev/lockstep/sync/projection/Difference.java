package dev.lockstep.sync.projection;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row that is not what WorkOS shows.
 *
 * @param id of the object
 * @param heldUpdatedAt what the row says, or null when it is missing or says nothing
 * @param buriedAt when the row was marked as gone, or null when it was not
 * @param missing true when there is no row at all
 * @param fields the columns that differ, by name; never their values
 */
public record Difference(
        String id,
        @Nullable Instant heldUpdatedAt,
        @Nullable Instant buriedAt,
        boolean missing,
        List<String> fields) {
    public Difference {
        fields = List.copyOf(fields);
    }
}
