/** Reads the feed and appends to a hash-chained table. */
@NullMarked
package dev.lockstep.audit;

import org.jspecify.annotations.NullMarked;
