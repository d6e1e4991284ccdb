package dev.lockstep.workos.organization;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.workos.Call;
import dev.lockstep.workos.Lookup;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.object.WorkOsOrganization;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The organizations of the environment. Safe for all threads; every method blocks and throws {@code WorkOsException}.
 */
public final class OrganizationsApi {
    private static final String PATH = "/organizations";

    private final WorkOsClient client;

    /** Uses a client with its urgency. */
    public OrganizationsApi(WorkOsClient client) {
        this.client = client;
    }

    /** Returns the organization, or empty when WorkOS says that there is none. */
    public Optional<WorkOsOrganization> find(OrganizationId id) {
        return Lookup.find(client, Call.get(PATH + "/" + Call.segment(id.value())), WorkOsOrganization::from);
    }

    /**
     * Returns one page of all organizations, oldest first.
     *
     * @param after the cursor of the page before, or null for the first
     */
    public Page<WorkOsOrganization> page(@Nullable String after) {
        return Page.fetch(client, Call.get(PATH), after, WorkOsOrganization::from);
    }
}
