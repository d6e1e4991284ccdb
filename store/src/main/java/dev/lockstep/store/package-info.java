/** One schema, one way to run SQL, one change feed that every reader tails. */
@NullMarked
package dev.lockstep.store;

import org.jspecify.annotations.NullMarked;
