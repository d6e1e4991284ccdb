package dev.lockstep.sync.backfill;

import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where walks read objects from: as a rule the API of WorkOS. Implementations block and are thread-safe. */
public interface ObjectSource {
    /**
     * Reads one page of a list, oldest first.
     *
     * @param after the cursor of the page before, or null for the first
     * @throws dev.lockstep.workos.WorkOsException when there is no usable answer
     */
    Listed page(Shard shard, @Nullable String after);

    /**
     * Asks for one object.
     *
     * @return empty only when the source itself says that there is no such object
     * @throws dev.lockstep.workos.WorkOsException in every other case
     */
    Optional<Fetched> find(Mirrored kind, String id);

    /** The time of the source, as one small answer says it; by our clock when it says nothing. */
    Instant serverTime();

    /** The time by our clock. */
    Instant now();

    /**
     * One page.
     *
     * @param ids of the objects on it that could be read
     * @param objects what could be read
     * @param unreadable how many others there were
     * @param cursor where the next page begins, or null on the last
     * @param fetchStartedAt by our clock
     * @param serverTime the source's own time of the answer, or null
     */
    record Listed(
            List<String> ids,
            Fetched objects,
            int unreadable,
            @Nullable String cursor,
            Instant fetchStartedAt,
            @Nullable Instant serverTime) {
        public Listed {
            ids = List.copyOf(ids);
        }
    }
}
