/** Signing in with WorkOS: the way out, the way back, and where to go afterwards. */
@NullMarked
package dev.lockstep.session.login;

import org.jspecify.annotations.NullMarked;
