package dev.lockstep.live.function;

import dev.lockstep.store.Tx;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a mutation may do while it runs: read like a query, and write by SQL in its own transaction. */
public interface MutationContext extends QueryContext {

    /** The SERIALIZABLE transaction of this run; commits and rollbacks are not the function's business. */
    Tx tx();

    /** The wall clock. */
    Instant now();

    /** Runs another mutation, public or internal, in the same transaction. */
    @Nullable
    Object mutation(String path, Map<String, ?> args);
}
