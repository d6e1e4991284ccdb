/**
 * All of Lockstep in a Spring application: properties, wiring, filter, controllers, the live endpoint, health. The only
 * room, besides the server, that knows Spring's container.
 */
@NullMarked
package dev.lockstep.starter;

import org.jspecify.annotations.NullMarked;
