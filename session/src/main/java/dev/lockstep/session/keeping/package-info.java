/** Where a session is kept: in the cookie itself, or on the server with a sealed reference in the cookie. */
@NullMarked
package dev.lockstep.session.keeping;

import org.jspecify.annotations.NullMarked;
