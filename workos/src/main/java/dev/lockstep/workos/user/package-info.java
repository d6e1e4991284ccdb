/** Users as calls: look up, walk, change. */
@NullMarked
package dev.lockstep.workos.user;

import org.jspecify.annotations.NullMarked;
