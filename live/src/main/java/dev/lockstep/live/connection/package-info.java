/** One socket: a pure state machine, and the driver that feeds it. */
@NullMarked
package dev.lockstep.live.connection;

import org.jspecify.annotations.NullMarked;
