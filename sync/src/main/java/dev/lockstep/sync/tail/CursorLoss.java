package dev.lockstep.sync.tail;

import dev.lockstep.store.Tx;
import java.time.Instant;

/** Hears that WorkOS does not know any longer where the tail stood: changes may have passed it by. */
@FunctionalInterface
public interface CursorLoss {
    /**
     * Called in the transaction that lets reading begin again; what it writes is there exactly when that is.
     *
     * @param from where reading begins again; what changed before is not seen
     */
    void lost(Tx tx, Instant from);
}
