package dev.lockstep.store.feed;

import dev.lockstep.store.Tx;
import java.util.List;
import java.util.Set;

/** What a durable reader does with changes. It may be run again when its transaction fails, so its effects are rows only. */
@FunctionalInterface
public interface DurableConsumer {
    /**
     * Writes whatever follows from the changes.
     *
     * @param tx the transaction in which the reader's position moves too
     * @param changes at least one, in the order of {@link Change#id}; a transaction's changes come together
     */
    void consume(Tx tx, List<Change> changes);

    /** The tables it wants to hear of, qualified, such as {@code workos.users}; none means all. Always the same. */
    default Set<String> tables() {
        return Set.of();
    }
}
