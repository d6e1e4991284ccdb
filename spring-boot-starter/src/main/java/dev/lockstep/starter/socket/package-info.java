/** The live endpoint: sockets of the container on one side, connections of the live room on the other. */
@NullMarked
package dev.lockstep.starter.socket;

import org.jspecify.annotations.NullMarked;
