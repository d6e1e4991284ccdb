package dev.lockstep.sync.backfill;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.object.WorkOsObject;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.organization.OrganizationsApi;
import dev.lockstep.workos.user.UsersApi;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The lists of the WorkOS API, asked with the urgency of the client. Thread-safe. */
public final class WorkOsObjects implements ObjectSource {
    private static final Set<Mirrored> KINDS =
            Set.of(Mirrored.USERS, Mirrored.ORGANIZATIONS, Mirrored.MEMBERSHIPS);

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
    public Set<Mirrored> kinds() {
        return KINDS;
    }

    @Override
    public Listed page(Shard shard, @Nullable String after) {
        return switch (shard.kind()) {
            case USERS ->
                listed(users.page(after), List.of(), all -> new Fetched(all, List.of(), List.of(), List.of()));
            case ORGANIZATIONS -> {
                Page<WorkOsOrganization> page = organizations.page(after);
                yield listed(
                        page,
                        page.items().stream().map(each -> each.id().value()).toList(),
                        all -> new Fetched(List.of(), all, List.of(), List.of(), domains(all)));
            }
            case MEMBERSHIPS ->
                listed(
                        memberships.ofOrganization(
                                new OrganizationId(shard.scope()), MembershipsApi.EVERY_STATUS, after),
                        List.of(),
                        all -> new Fetched(List.of(), List.of(), all, List.of()));
            default -> throw new IllegalArgumentException();
        };
    }

    @Override
    public Optional<Fetched> find(Mirrored kind, String id) {
        return switch (kind) {
            case USERS -> users.find(new UserId(id)).map(Fetched::user);
            case ORGANIZATIONS -> organizations.find(new OrganizationId(id)).map(Fetched::organization);
            case MEMBERSHIPS -> memberships.find(new MembershipId(id)).map(Fetched::membership);
            default -> throw new IllegalArgumentException();
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

    private static <T> Listed listed(Page<T> page, List<String> lists, Function<List<T>, Fetched> fetched) {
        return new Listed(
                fetched.apply(page.items()),
                lists,
                page.unreadable().size(),
                page.cursor(),
                page.fetchStartedAt());
    }

    private static List<WorkOsObject> domains(List<WorkOsOrganization> organizations) {
        return List.of();
    }
}
