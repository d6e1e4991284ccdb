/** The functions in the words of TypeScript. */
@NullMarked
package dev.lockstep.live.types;

import org.jspecify.annotations.NullMarked;
