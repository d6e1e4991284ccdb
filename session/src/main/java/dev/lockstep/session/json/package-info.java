/** The one strict JSON reader of the session module. */
@NullMarked
package dev.lockstep.session.json;

import org.jspecify.annotations.NullMarked;
