/** Ids and callers: who a request or a socket speaks for. Records only. */
@NullMarked
package dev.lockstep.identity;

import org.jspecify.annotations.NullMarked;
