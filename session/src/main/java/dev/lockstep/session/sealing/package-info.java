/** The sealed cookie, byte for byte as WorkOS's Node libraries write and read it. */
@NullMarked
package dev.lockstep.session.sealing;

import org.jspecify.annotations.NullMarked;
