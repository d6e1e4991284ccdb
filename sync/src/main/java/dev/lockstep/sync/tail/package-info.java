/** The truth path: the Events API read page by page under a lease. */
@NullMarked
package dev.lockstep.sync.tail;

import org.jspecify.annotations.NullMarked;
