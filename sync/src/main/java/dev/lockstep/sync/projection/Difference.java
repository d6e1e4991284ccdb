package dev.lockstep.sync.projection;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row that is not what WorkOS shows.
 *
 * @param kind of the object
 * @param key of the object, the parts of a key of several columns joined by slashes
 * @param shownUpdatedAt what WorkOS says, or null when it says nothing
 * @param heldUpdatedAt what the row says, or null when it is missing or says nothing
 * @param buriedAt when the row was marked as gone, or null when it was not
 * @param missing true when there is no row at all
 * @param fields what differs, never its value: columns by name, and what has no column by its path below {@code raw}
 */
public record Difference(
        Mirrored kind,
        String key,
        @Nullable Instant shownUpdatedAt,
        @Nullable Instant heldUpdatedAt,
        @Nullable Instant buriedAt,
        boolean missing,
        List<String> fields) {
    /**
     * What WorkOS changes without telling: the object as a whole, where it differs only in what one side does not say
     * at all, because events carry it in part; and two times that move with use.
     */
    static final Set<String> QUIET = Set.of("raw", "last_sign_in_at", "last_used_at");

    public Difference {
        fields = List.copyOf(fields);
    }

    /** Whether it is only in what changes without an event. */
    public boolean isQuiet() {
        return !missing && buriedAt == null && QUIET.containsAll(fields);
    }
}
