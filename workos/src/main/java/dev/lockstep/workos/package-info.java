/** The only door to WorkOS: typed calls, retry rules, rate budget, event decoding, webhook signatures. */
@NullMarked
package dev.lockstep.workos;

import org.jspecify.annotations.NullMarked;
