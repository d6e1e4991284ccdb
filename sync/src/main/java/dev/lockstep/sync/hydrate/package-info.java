/** What the mirror has to ask WorkOS once more: kept durably, asked slowly, never in the way of events. */
@NullMarked
package dev.lockstep.sync.hydrate;

import org.jspecify.annotations.NullMarked;
