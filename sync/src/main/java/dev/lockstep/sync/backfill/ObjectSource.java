package dev.lockstep.sync.backfill;

import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where walks read objects from: as a rule the API of WorkOS. Implementations block and are thread-safe. */
public interface ObjectSource {
    /** What can be listed here. A kind that comes inside another one is not named. */
    Set<Mirrored> kinds();

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
     * @param scope of the list that would show it
     * @param key the parts of a key of several columns joined by slashes
     * @return empty only when the source itself says that there is no such object
     * @throws dev.lockstep.workos.WorkOsException in every other case
     */
    Optional<Fetched> find(Mirrored kind, String scope, String key);

    /** The time of the source, as one small answer says it; by our clock when it says nothing. */
    Instant serverTime();

    /** The time by our clock. */
    Instant now();

    /**
     * One page.
     *
     * @param objects what could be read, with what comes inside
     * @param lists the scopes of further lists that these objects open, if lists are made within them
     * @param unreadable how many others there were
     * @param cursor where the next page begins, or null on the last
     * @param fetchStartedAt by our clock
     */
    record Listed(
            Fetched objects,
            List<String> lists,
            int unreadable,
            @Nullable String cursor,
            Instant fetchStartedAt) {
        public Listed {
            lists = List.copyOf(lists);
        }
    }
}
