/** Renewing a session, once per refresh token however many requests ask. */
@NullMarked
package dev.lockstep.session.refresh;

import org.jspecify.annotations.NullMarked;
