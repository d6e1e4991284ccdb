/** WorkOS in a jar: login page, API, events, webhooks, faults, truth snapshot. */
@NullMarked
package dev.lockstep.workosdouble;

import org.jspecify.annotations.NullMarked;
