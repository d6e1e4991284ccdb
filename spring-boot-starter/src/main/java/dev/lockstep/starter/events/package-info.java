/** Methods of the application that hear what changed in the mirror. */
@NullMarked
package dev.lockstep.starter.events;

import org.jspecify.annotations.NullMarked;
