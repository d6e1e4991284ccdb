package dev.lockstep.live.function;

import dev.lockstep.identity.Caller;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an action may do while it runs: ask queries and call mutations, public or internal, each in a transaction of its
 * own. It reads and writes nothing itself.
 */
public interface ActionContext {

    /** Who asks. The functions that the action calls see the same caller. */
    Caller caller();

    /** The wall clock. */
    Instant now();

    /**
     * Asks a query at the newest state.
     *
     * @throws LiveError when the query throws one
     * @throws ActionCallFailed when it fails otherwise
     */
    @Nullable
    Object query(String path, Map<String, ?> args);

    /**
     * Calls a mutation; when this returns, it is committed.
     *
     * @throws LiveError when the mutation throws one
     * @throws ActionCallFailed when it fails otherwise; if the database was lost, it may have been committed all the same
     */
    @Nullable
    Object mutation(String path, Map<String, ?> args);
}
