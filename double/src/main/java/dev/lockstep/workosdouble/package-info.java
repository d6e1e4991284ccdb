/**
 * WorkOS in a jar: login page, API, events, webhooks, faults, truth snapshot.
 *
 * <p>{@link dev.lockstep.workosdouble.WorkOsDouble#start} is the door. Where production's behaviour is known, this room
 * follows it, also where it is inconvenient: the Events API answers oldest first whatever was asked and holds new events
 * back, webhooks come in no order, deletions carry the old {@code updated_at}. It does not simulate directories,
 * organization domains, invitations, roles as objects, or {@code authentication.*} events.
 */
@NullMarked
package dev.lockstep.workosdouble;

import org.jspecify.annotations.NullMarked;
