/** How far the mirror has come, for callers, health and meters. */
@NullMarked
package dev.lockstep.sync.freshness;

import org.jspecify.annotations.NullMarked;
