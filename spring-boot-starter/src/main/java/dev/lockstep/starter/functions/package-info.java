/** The live functions that Lockstep brings along: who am I, my sessions, my organization, my notifications. */
@NullMarked
package dev.lockstep.starter.functions;

import org.jspecify.annotations.NullMarked;
