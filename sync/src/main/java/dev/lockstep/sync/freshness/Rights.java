package dev.lockstep.sync.freshness;

import dev.lockstep.identity.RoleSlug;
import java.util.Set;

/** What can be said about somebody's rights in an organization. "Cannot be said now" is not "none". */
public sealed interface Rights {
    /** Who says it. */
    enum Basis {
        /** The mirror, which is new enough. */
        MIRROR,
        /** WorkOS, asked within the bound of staleness, and nothing in the mirror speaks against it. */
        WORKOS
    }

    /**
     * An active member.
     *
     * @param roles of all active memberships, possibly none
     * @param basis who says so
     */
    record Member(Set<RoleSlug> roles, Basis basis) implements Rights {
        public Member {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * No active member.
     *
     * @param basis who says so
     */
    record NoMember(Basis basis) implements Rights {}

    /**
     * It cannot be said now; it may be said in a moment.
     *
     * @param reason why
     */
    record Unverifiable(Reason reason) implements Rights {}

    /** Why rights cannot be verified; the names are the stable codes. */
    enum Reason {
        /** The mirror is too old and asking WorkOS is switched off. */
        MIRROR_STALE,
        /** The mirror is too old and WorkOS gives no answer in time. */
        RIGHTS_UNVERIFIABLE
    }
}
