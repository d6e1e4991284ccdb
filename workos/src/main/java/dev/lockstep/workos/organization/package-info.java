/** Organizations and their memberships as calls: look up and walk. */
@NullMarked
package dev.lockstep.workos.organization;

import org.jspecify.annotations.NullMarked;
