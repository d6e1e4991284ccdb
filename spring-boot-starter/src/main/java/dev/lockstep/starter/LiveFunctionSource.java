package dev.lockstep.starter;

import dev.lockstep.live.function.LiveFunctions;

/** An application's own live functions: declare a bean of this type and add them. Called once, at start. */
@FunctionalInterface
public interface LiveFunctionSource {
    /** Adds functions; a name that is taken is an error. */
    void addTo(LiveFunctions.Builder functions);
}
