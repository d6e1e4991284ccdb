/** The only writer of the mirrored tables: events and snapshots joined into rows by one merge. */
@NullMarked
package dev.lockstep.sync.projection;

import org.jspecify.annotations.NullMarked;
