/** Compares the mirror with WorkOS, says what differs, and mends it. */
@NullMarked
package dev.lockstep.sync.reconcile;

import org.jspecify.annotations.NullMarked;
