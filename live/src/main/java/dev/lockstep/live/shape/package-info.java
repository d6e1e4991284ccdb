/** What arguments and results look like in Java, on the wire and in TypeScript. */
@NullMarked
package dev.lockstep.live.shape;

import org.jspecify.annotations.NullMarked;
