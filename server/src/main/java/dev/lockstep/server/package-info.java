/** The starter with a main: command line, pages, demo. Nothing that an application on the starter would miss. */
@NullMarked
package dev.lockstep.server;

import org.jspecify.annotations.NullMarked;
