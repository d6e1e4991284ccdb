/** The change feed: what is visible now and was not before, on one clock that every node shares. */
@NullMarked
package dev.lockstep.store.feed;

import org.jspecify.annotations.NullMarked;
