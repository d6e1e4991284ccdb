package dev.lockstep.sync.backfill;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.organization.OrganizationsApi;
import dev.lockstep.workos.user.UsersApi;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The lists of the WorkOS API, asked with the urgency of the client. Thread-safe. */
public final class WorkOsObjects implements ObjectSource {
    private final WorkOsClient client;
    private final UsersApi users;
    private final OrganizationsApi organizations;
    private final MembershipsApi memberships;

    /** @param client with the urgency of the walk, backfill or reconcile */
    public WorkOsObjects(WorkOsClient client) {
        this.client = client;
        this.users = new UsersApi(client);
        this.organizations = new OrganizationsApi(client);
        this.memberships = new MembershipsApi(client);
    }

    @Override
    public Listed page(Shard shard, @Nullable String after) {
        return switch (shard.kind()) {
            case USERS ->
                listed(
                        users.page(after),
                        user -> user.id().value(),
                        all -> new Fetched(all, List.of(), List.of(), List.of()));
            case ORGANIZATIONS ->
                listed(
                        organizations.page(after),
                        organization -> organization.id().value(),
                        all -> new Fetched(List.of(), all, List.of(), List.of()));
            case MEMBERSHIPS ->
                listed(
                        memberships.ofOrganization(
                                new OrganizationId(shard.scope()), MembershipsApi.EVERY_STATUS, after),
                        membership -> membership.id().value(),
                        all -> new Fetched(List.of(), List.of(), all, List.of()));
        };
    }

    @Override
    public Optional<Fetched> find(Mirrored kind, String id) {
        return switch (kind) {
            case USERS -> users.find(new UserId(id)).map(Fetched::user);
            case ORGANIZATIONS -> organizations.find(new OrganizationId(id)).map(Fetched::organization);
            case MEMBERSHIPS -> memberships.find(new MembershipId(id)).map(Fetched::membership);
        };
    }

    @Override
    public Instant serverTime() {
        Instant said = organizations.page(null).serverTime();
        return said == null ? client.now() : said;
    }

    @Override
    public Instant now() {
        return client.now();
    }

    private static <T> Listed listed(Page<T> page, Function<T, String> id, Function<List<T>, Fetched> fetched) {
        return new Listed(
                page.items().stream().map(id).toList(),
                fetched.apply(page.items()),
                page.unreadable().size(),
                page.cursor(),
                page.fetchStartedAt(),
                page.serverTime());
    }
}
