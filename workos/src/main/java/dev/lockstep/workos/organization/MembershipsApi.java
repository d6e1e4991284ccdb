package dev.lockstep.workos.organization;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.Call;
import dev.lockstep.workos.Lookup;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.object.WorkOsMembership;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Memberships, always asked for within one user or one organization, because WorkOS refuses to list all of them. Safe
 * for all threads; every method blocks and throws {@code WorkOsException}.
 */
public final class MembershipsApi {
    /** Every status, for a mirror; left to itself WorkOS lists the active ones only. */
    public static final List<String> EVERY_STATUS = List.of("active", "inactive", "pending");

    private static final String PATH = "/user_management/organization_memberships";

    private final WorkOsClient client;

    /** Uses a client with its urgency. */
    public MembershipsApi(WorkOsClient client) {
        this.client = client;
    }

    /** Returns the membership, or empty when WorkOS says that there is none. */
    public Optional<WorkOsMembership> find(MembershipId id) {
        return Lookup.find(client, Call.get(path(id)), WorkOsMembership::from);
    }

    /**
     * Returns one page of the memberships of a user, oldest first.
     *
     * @param statuses which to list, never empty
     * @param after the cursor of the page before, or null for the first
     */
    public Page<WorkOsMembership> ofUser(UserId user, List<String> statuses, @Nullable String after) {
        return page("user_id", user.value(), statuses, after);
    }

    /**
     * Returns one page of the memberships in an organization, oldest first.
     *
     * @param statuses which to list, never empty
     * @param after the cursor of the page before, or null for the first
     */
    public Page<WorkOsMembership> ofOrganization(
            OrganizationId organization, List<String> statuses, @Nullable String after) {
        return page("organization_id", organization.value(), statuses, after);
    }

    /**
     * Gives the member this role in place of those they had, and returns the membership as it is afterwards.
     *
     * @throws dev.lockstep.workos.WorkOsException refused, where there is no such role or no such membership
     */
    public WorkOsMembership changeRole(MembershipId id, RoleSlug role) {
        JsonNode change = JsonNodeFactory.instance.objectNode().put("role_slug", role.value());
        return Lookup.require(client, Call.put(path(id), change), WorkOsMembership::from);
    }

    /**
     * Ends the membership for good.
     *
     * @return false when WorkOS knows no such membership, which is just as over
     */
    public boolean remove(MembershipId id) {
        return Lookup.carriedOut(client, Call.delete(path(id)));
    }

    private static String path(MembershipId id) {
        return PATH + "/" + Call.segment(id.value());
    }

    private Page<WorkOsMembership> page(String scope, String id, List<String> statuses, @Nullable String after) {
        if (statuses.isEmpty()) {
            throw new IllegalArgumentException("no membership status is asked for; name at least one");
        }
        Call call = Call.get(PATH).with(scope, id).with("statuses", String.join(",", statuses));
        return Page.fetch(client, call, after, WorkOsMembership::from);
    }
}
