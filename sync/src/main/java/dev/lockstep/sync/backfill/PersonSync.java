package dev.lockstep.sync.backfill;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.sync.hydrate.RefetchQueue;
import dev.lockstep.sync.hydrate.Wanted;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.Snapshots.Absent;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.ObjectsApi;
import dev.lockstep.workos.object.ObjectsApi.Found;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsObject;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsUser;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.organization.OrganizationsApi;
import dev.lockstep.workos.user.UsersApi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings one user fully up to date from WorkOS: the user, all memberships, their organizations, what of these is not
 * there any more, and the application's own rows where they are missing. Thread-safe.
 */
public final class PersonSync {
    private static final String HELD = """
            SELECT id FROM workos.organization_memberships WHERE user_id = :user AND deleted_at IS NULL ORDER BY id
            """;

    private final WorkOsClient client;
    private final Database database;
    private final Snapshots snapshots;

    /**
     * @param client asks WorkOS, with whatever urgency it carries
     * @param database where the mirror is
     * @param snapshots joins what was fetched
     */
    public PersonSync(WorkOsClient client, Database database, Snapshots snapshots) {
        this.client = client;
        this.database = database;
        this.snapshots = snapshots;
    }

    /**
     * What was fetched beside the user.
     *
     * @param memberships of any status
     * @param organizations of these
     * @param ended memberships that the mirror showed and WorkOS, asked for each, does not have any more
     */
    public record Synced(int memberships, int organizations, int ended) {}

    /**
     * Fetches and joins, at once or not at all.
     *
     * @return empty when WorkOS says that there is no such user; the mirror then shows them until WorkOS, asked once
     *     more a moment later, says so again
     * @throws dev.lockstep.workos.WorkOsException when there is no usable answer
     */
    public Optional<Synced> run(UserId id) {
        Instant startedAt = client.now();
        Optional<WorkOsUser> user = new UsersApi(client).find(id);
        if (user.isEmpty()) {
            doubt(id);
        }
        return user.map(found -> {
            List<WorkOsMembership> memberships = memberships(id);
            OrganizationsApi api = new OrganizationsApi(client);
            List<WorkOsOrganization> organizations = memberships.stream()
                    .map(WorkOsMembership::organizationId)
                    .distinct()
                    .flatMap((OrganizationId organization) -> api.find(organization).stream())
                    .toList();
            List<WorkOsObject> unlisted = new ArrayList<>();
            List<Absent> absent = new ArrayList<>();
            askForUnlisted(id, memberships, unlisted, absent);
            snapshots.applyPerson(
                    id,
                    new Fetched(List.of(found), organizations, memberships, List.of(), unlisted, absent),
                    startedAt);
            return new Synced(memberships.size(), organizations.size(), absent.size());
        });
    }

    /** That a list does not show a membership accuses nobody; WorkOS is asked for it. */
    private void askForUnlisted(
            UserId id, List<WorkOsMembership> listed, List<WorkOsObject> there, List<Absent> absent) {
        Set<String> shown =
                listed.stream().map(membership -> membership.id().value()).collect(Collectors.toSet());
        ObjectsApi objects = new ObjectsApi(client);
        List<String> held = database.read(
                tx -> tx.sql(HELD).param("user", id.value()).query(String.class).list());
        for (String membership : held) {
            if (!shown.contains(membership)) {
                List<String> key = List.of(membership);
                switch (objects.get(ObjectKind.ORGANIZATION_MEMBERSHIP, key, null)) {
                    case Found.There found -> there.add(found.object());
                    case Found.Gone gone -> absent.add(new Absent(ObjectKind.ORGANIZATION_MEMBERSHIP, key));
                    case Found.NotAskable never -> {}
                }
            }
        }
    }

    private void doubt(UserId id) {
        Wanted wanted = new Wanted(ObjectKind.USER, List.of(id.value()), Wanted.Reason.GONE);
        database.write(tx -> {
            RefetchQueue.add(tx, List.of(wanted));
            return wanted;
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
