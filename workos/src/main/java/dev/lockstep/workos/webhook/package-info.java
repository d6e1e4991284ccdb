/** Webhook signatures: whether bytes that claim to come from WorkOS do. */
@NullMarked
package dev.lockstep.workos.webhook;

import org.jspecify.annotations.NullMarked;
