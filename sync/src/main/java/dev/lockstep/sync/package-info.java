/** WorkOS into our tables: inbox, merge, Events tail, freshness. */
@NullMarked
package dev.lockstep.sync;

import org.jspecify.annotations.NullMarked;
