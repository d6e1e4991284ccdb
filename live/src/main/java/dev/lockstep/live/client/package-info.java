/** A client of the live protocol for tests and for services written in Java. */
@NullMarked
package dev.lockstep.live.client;

import org.jspecify.annotations.NullMarked;
