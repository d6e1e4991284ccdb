/** PostgreSQL as a child process: unpack, start, survive kill -9, never lose a commit. */
@NullMarked
package dev.lockstep.embedded;

import org.jspecify.annotations.NullMarked;
