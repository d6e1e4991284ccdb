/** Functions called over HTTP, for programs and servers that follow nothing. */
@NullMarked
package dev.lockstep.live.http;

import org.jspecify.annotations.NullMarked;
