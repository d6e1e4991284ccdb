/** What WorkOS tells: events decoded strictly into sealed cases, and the Events API that lists them. */
@NullMarked
package dev.lockstep.workos.event;

import org.jspecify.annotations.NullMarked;
