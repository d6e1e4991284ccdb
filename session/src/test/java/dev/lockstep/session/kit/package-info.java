/** What the tests of this module share: a mint for tokens, a key source, a whole reader, genuine Node programs. */
@NullMarked
package dev.lockstep.session.kit;

import org.jspecify.annotations.NullMarked;
