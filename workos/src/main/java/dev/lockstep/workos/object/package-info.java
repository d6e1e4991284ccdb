/** The objects of WorkOS as records: typed where this project reads a field, raw JSON for all the rest. */
@NullMarked
package dev.lockstep.workos.object;

import org.jspecify.annotations.NullMarked;
