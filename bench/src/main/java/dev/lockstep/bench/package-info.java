/** Programs that make the published figures. Each starts the demo as a process of its own and loads it from beside. */
@NullMarked
package dev.lockstep.bench;

import org.jspecify.annotations.NullMarked;
