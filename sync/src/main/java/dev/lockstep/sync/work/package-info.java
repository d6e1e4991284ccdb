/** What every worker of this room shares: threads that wait for work, retries with jitter, logs that do not shout. */
@NullMarked
package dev.lockstep.sync.work;

import org.jspecify.annotations.NullMarked;
