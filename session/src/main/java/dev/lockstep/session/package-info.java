/** Who is calling? Cookies, tokens, refresh and the login flow. No Spring, no database, no HTTP client of its own. */
@NullMarked
package dev.lockstep.session;

import org.jspecify.annotations.NullMarked;
