package dev.lockstep.store.feed;

import dev.lockstep.store.Tx;
import java.util.List;

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
}
