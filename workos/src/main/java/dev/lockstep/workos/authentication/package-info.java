/** Sign-in as calls: codes and refresh tokens against tokens, sessions, and the signing keys. */
@NullMarked
package dev.lockstep.workos.authentication;

import org.jspecify.annotations.NullMarked;
