/** Serves the built pages from the jar. */
@NullMarked
package dev.lockstep.server.pages;

import org.jspecify.annotations.NullMarked;
