package dev.lockstep.identity;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a request, a socket or a job speaks for. It is passed as an argument everywhere and says who, not what they may
 * do: rights are the smaller of this and the mirrored membership.
 */
public sealed interface Caller {

    /**
     * A person with a verified session.
     *
     * @param user the {@code sub} claim
     * @param session the {@code sid} claim
     * @param organizationId the {@code org_id} claim, or null outside any organization
     * @param roles the role slugs of the token, possibly empty
     * @param permissions the permissions of the token, possibly empty
     * @param impersonator the operator behind the session, or null
     */
    record SignedIn(
            UserId user,
            SessionId session,
            @Nullable OrganizationId organizationId,
            Set<RoleSlug> roles,
            Set<Permission> permissions,
            @Nullable Impersonator impersonator)
            implements Caller {
        public SignedIn {
            roles = Set.copyOf(roles);
            permissions = Set.copyOf(permissions);
        }

        /** Returns the organization the session is in, if any. */
        public Optional<OrganizationId> organization() {
            return Optional.ofNullable(organizationId);
        }
    }

    /**
     * A program with a WorkOS API key.
     *
     * @param keyId the id of the key, never the key
     * @param organizationId the organization that owns the key, or null
     * @param permissions what the key may do
     */
    record Machine(String keyId, @Nullable OrganizationId organizationId, Set<Permission> permissions)
            implements Caller {
        public Machine {
            permissions = Set.copyOf(permissions);
        }
    }

    /** Nobody we know. */
    record Anonymous() implements Caller {}
}
