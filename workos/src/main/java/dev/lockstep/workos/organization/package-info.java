/** Organizations, their memberships and invitations as calls: look up, walk, change. */
@NullMarked
package dev.lockstep.workos.organization;

import org.jspecify.annotations.NullMarked;
