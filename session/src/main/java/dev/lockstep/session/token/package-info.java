/** Access tokens: what they say, whether they may be believed, and the keys that prove it. */
@NullMarked
package dev.lockstep.session.token;

import org.jspecify.annotations.NullMarked;
