/** The test kit: a real PostgreSQL for JUnit and a clock that is set by hand. */
@NullMarked
package dev.lockstep.testing;

import org.jspecify.annotations.NullMarked;
