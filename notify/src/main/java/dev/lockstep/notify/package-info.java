/** Reads the feed and leaves messages for people, with retry and parking. */
@NullMarked
package dev.lockstep.notify;

import org.jspecify.annotations.NullMarked;
