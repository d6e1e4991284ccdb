package dev.lockstep.live.function;

import org.jspecify.annotations.Nullable;

/**
 * Work with the world outside the database, such as a call of another service. It runs at most once per request and in no
 * transaction: what it has done when it fails stays done.
 */
@FunctionalInterface
public interface ActionFunction {
    /**
     * Does the work.
     *
     * @return null, Boolean, Double, Integer, Long, String, byte[], List or Map of these
     */
    @Nullable
    Object run(ActionContext context, Args args);
}
