/** The smallest honest application on the starter: a table of its own, live on screen, for those who are signed in. */
@NullMarked
package dev.lockstep.examples.spring;

import org.jspecify.annotations.NullMarked;
