package dev.lockstep.live.function;

import org.jspecify.annotations.Nullable;

/**
 * A change, made in one SERIALIZABLE transaction. It may run several times before one run is committed, so it does nothing
 * that a rollback cannot undo.
 */
@FunctionalInterface
public interface MutationFunction {
    /**
     * Makes the change.
     *
     * @return null, Boolean, Double, Integer, Long, String, byte[], List or Map of these
     */
    @Nullable
    Object run(MutationContext context, Args args);
}
