/** JSON from outside, read strictly enough that a database can hold what comes out. */
@NullMarked
package dev.lockstep.workos.json;

import org.jspecify.annotations.NullMarked;
