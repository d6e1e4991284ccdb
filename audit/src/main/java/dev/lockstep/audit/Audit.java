package dev.lockstep.audit;

import dev.lockstep.store.Tx;
import java.util.List;

/** The door for explicit records: what a person or a program did, in the transaction that does it. Thread-safe. */
public final class Audit {
    private final AuditChain chain;

    public Audit(AuditChain chain) {
        this.chain = chain;
    }

    /**
     * Records the event if and only if the transaction commits. Call it last: until the transaction ends, every other
     * one that records waits.
     *
     * @throws org.springframework.dao.ConcurrencyFailureException when a transaction above READ COMMITTED must be run
     *     again
     */
    public void record(Tx tx, AuditEvent event) {
        chain.append(tx, List.of(event));
    }
}
