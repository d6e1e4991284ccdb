/** The session jar alone: no Spring, no database, the JDK's own HTTP server. */
@NullMarked
package dev.lockstep.examples.plain;

import org.jspecify.annotations.NullMarked;
