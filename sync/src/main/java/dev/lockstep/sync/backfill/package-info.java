/** Walks over everything WorkOS lists, page by page and resumable, and the first fill of the mirror. */
@NullMarked
package dev.lockstep.sync.backfill;

import org.jspecify.annotations.NullMarked;
