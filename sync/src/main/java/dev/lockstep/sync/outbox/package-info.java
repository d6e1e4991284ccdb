/** What the mirror tells the application: changes recorded in the merge's transaction, delivered after its commit. */
@NullMarked
package dev.lockstep.sync.outbox;

import org.jspecify.annotations.NullMarked;
