/** The wire of the npm client: values, messages, versions. Pure; opens nothing. */
@NullMarked
package dev.lockstep.live.wire;

import org.jspecify.annotations.NullMarked;
