/** What an answer was read from, and which changes make it stale. */
@NullMarked
package dev.lockstep.live.subscription;

import org.jspecify.annotations.NullMarked;
