/** The one exception of the session module and its stable codes. */
@NullMarked
package dev.lockstep.session.problem;

import org.jspecify.annotations.NullMarked;
