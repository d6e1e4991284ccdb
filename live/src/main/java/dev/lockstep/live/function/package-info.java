/** Live functions: their registry, what they may touch while they run, and how a mutation runs exactly once. */
@NullMarked
package dev.lockstep.live.function;

import org.jspecify.annotations.NullMarked;
