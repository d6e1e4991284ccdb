package dev.lockstep.live.function;

import org.jspecify.annotations.Nullable;

/**
 * A question that is asked again whenever what it read has changed. Its answer must depend only on the arguments, the
 * caller and what it reads through the context: a clock or a random number in it would not make it run again.
 */
@FunctionalInterface
public interface QueryFunction {
    /**
     * Answers.
     *
     * @return null, Boolean, Double, Integer, Long, String, byte[], List or Map of these, or a {@link Row}'s map
     */
    @Nullable
    Object run(QueryContext context, Args args);
}
