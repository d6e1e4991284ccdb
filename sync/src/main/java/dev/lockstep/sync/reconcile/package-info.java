/** The mirror held against WorkOS: comparison, drift, repair, and the published verdict. */
@NullMarked
package dev.lockstep.sync.reconcile;

import org.jspecify.annotations.NullMarked;
