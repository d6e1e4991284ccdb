/** The one throat: every event as received, and the workers that apply it. */
@NullMarked
package dev.lockstep.sync.inbox;

import org.jspecify.annotations.NullMarked;
