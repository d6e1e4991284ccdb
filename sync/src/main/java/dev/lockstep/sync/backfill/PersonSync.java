package dev.lockstep.sync.backfill;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsUser;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.organization.OrganizationsApi;
import dev.lockstep.workos.user.UsersApi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fetches one user with memberships and organizations and joins them into the mirror. It removes nothing. Thread-safe. */
public final class PersonSync {
    private final WorkOsClient client;
    private final Snapshots snapshots;

    /** @param snapshots joins what was fetched */
    public PersonSync(WorkOsClient client, Snapshots snapshots) {
        this.client = client;
        this.snapshots = snapshots;
    }

    /**
     * What was fetched beside the user.
     *
     * @param memberships of any status
     * @param organizations of these
     */
    public record Synced(int memberships, int organizations) {}

    /**
     * Fetches and joins, at once or not at all.
     *
     * @return empty when WorkOS says that there is no such user
     * @throws dev.lockstep.workos.WorkOsException when there is no usable answer
     */
    public Optional<Synced> run(UserId id) {
        Instant startedAt = client.now();
        Optional<WorkOsUser> user = new UsersApi(client).find(id);
        return user.map(found -> {
            List<WorkOsMembership> memberships = memberships(id);
            OrganizationsApi api = new OrganizationsApi(client);
            List<WorkOsOrganization> organizations = memberships.stream()
                    .map(WorkOsMembership::organizationId)
                    .distinct()
                    .flatMap((OrganizationId organization) -> api.find(organization).stream())
                    .toList();
            snapshots.apply(
                    new Fetched(List.of(found), organizations, memberships, List.of()), startedAt, Writer.SNAPSHOT);
            return new Synced(memberships.size(), organizations.size());
        });
    }

    private List<WorkOsMembership> memberships(UserId user) {
        MembershipsApi api = new MembershipsApi(client);
        List<WorkOsMembership> all = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<WorkOsMembership> page = api.ofUser(user, MembershipsApi.EVERY_STATUS, after);
            all.addAll(page.items());
            after = page.cursor();
        } while (after != null);
        return all;
    }
}
