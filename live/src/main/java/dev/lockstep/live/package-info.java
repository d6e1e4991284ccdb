/** Our tables to subscribers: functions, read sets, one tick for all, the wire. Knows nothing of WorkOS or cookies. */
@NullMarked
package dev.lockstep.live;

import org.jspecify.annotations.NullMarked;
