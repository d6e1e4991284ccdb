/** The demo: embedded PostgreSQL, the WorkOS double and its control panel, in one process. */
@NullMarked
package dev.lockstep.server.demo;

import org.jspecify.annotations.NullMarked;
