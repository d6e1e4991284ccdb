package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.MembershipRecord.Status;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * WorkOS in a jar: login page, API, events and webhooks with production semantics, on a loopback port. Not a mock: every
 * verb here and every HTTP call goes through the same state, events and cascades. All methods are thread-safe, and a
 * verb that names an unknown id throws {@link IllegalArgumentException}.
 *
 * <p>Access tokens carry the issuer {@code {baseUrl}/user_management/{clientId}}.
 */
public final class WorkOsDouble implements AutoCloseable {
    private final World world;
    private final DoubleSettings settings;
    private final Rooms rooms;
    private final Front front;
    private final WebhookSender sender;
    private final Faults faults;
    private final URI baseUrl;

    private WorkOsDouble(DoubleSettings settings, World world, Front front, Faults faults) {
        this.settings = settings;
        this.world = world;
        this.front = front;
        this.faults = faults;
        this.baseUrl = URI.create("http://127.0.0.1:" + front.port());
        House house = world.change(change -> furnish(change, settings, front.port()));
        this.rooms = new Rooms(world, settings, house, baseUrl);
        rooms.furnish(settings);
        this.sender = new WebhookSender(world, faults, settings, house.webhookSecret());
    }

    /** Starts answering before it returns. Throws {@link DoubleException} when port or folder cannot be had. */
    public static WorkOsDouble start(DoubleSettings settings) {
        Faults faults = new Faults(settings);
        World world = new World(settings, faults);
        try {
            int lastPort = world.read(Tables::findHouse).map(House::port).orElse(0);
            Front front = Front.bind(settings.port(), lastPort, world, faults);
            WorkOsDouble started = new WorkOsDouble(settings, world, front, faults);
            front.serve(started.rooms.routes(settings, started), started.apiKey());
            started.sender.start();
            return started;
        } catch (RuntimeException e) {
            world.close();
            throw e;
        }
    }

    private static House furnish(Change change, DoubleSettings settings, int port) {
        Optional<House> kept = change.tables().findHouse();
        House house = new House(
                chosen(settings.clientId(), kept.map(House::clientId), () -> change.freshId("client")),
                chosen(
                        settings.apiKey(),
                        kept.map(House::apiKey),
                        () -> "sk_test_double_" + Secrets.random(settings.random(), 32)),
                chosen(
                        settings.webhookSecret(),
                        kept.map(House::webhookSecret),
                        () -> "whsec_" + Secrets.random(settings.random(), 32)),
                port,
                kept.map(House::signingKey).orElseGet(() -> Tokens.newSigningKey(change.freshId("sso_oidc_key_pair"))),
                kept.map(House::webhooksWanted).orElse(false),
                kept.map(House::demoSeeded).orElse(false));
        change.put(new Fact.HousePut(house));
        return house;
    }

    private static String chosen(@Nullable String fixed, Optional<String> kept, Supplier<String> generated) {
        return fixed == null ? kept.orElseGet(generated) : fixed;
    }

    /** {@code http://127.0.0.1:port}, without a slash at the end. */
    public URI baseUrl() {
        return baseUrl;
    }

    public String apiKey() {
        return rooms.house().apiKey();
    }

    public String clientId() {
        return rooms.house().clientId();
    }

    public String webhookSecret() {
        return rooms.house().webhookSecret();
    }

    /** The {@code iss} claim of access tokens. */
    public String issuer() {
        return rooms.issuer();
    }

    /**
     * Names the one webhook endpoint. Events before the first call queue no webhook; after it every event does, also
     * after a restart from a folder, where the queue waits until the endpoint is named again.
     */
    public void deliverWebhooksTo(URI endpoint) {
        world.change(change -> {
            change.put(new Fact.HousePut(change.tables().house().wantingWebhooks()));
            return endpoint;
        });
        sender.sendTo(endpoint);
    }

    public UserId createUser(NewUser user) {
        return rooms.registry().createUser(user).id();
    }

    public void renameUser(UserId user, String firstName, String lastName) {
        rooms.registry().updateUser(user, UserPatch.name(firstName, lastName));
    }

    public void changeEmail(UserId user, String email) {
        rooms.registry().updateUser(user, UserPatch.email(email));
    }

    public void deleteUser(UserId user) {
        rooms.registry().deleteUser(user);
    }

    public OrganizationId createOrganization(String name) {
        return rooms.registry()
                .createOrganization(name, null, Map.of(), List.of())
                .id();
    }

    public void renameOrganization(OrganizationId organization, String name) {
        rooms.registry().updateOrganization(organization, name, UserPatch.Edit.KEEP, null, null);
    }

    public void deleteOrganization(OrganizationId organization) {
        rooms.registry().deleteOrganization(organization);
    }

    /** Adds an active member. The role need not exist; the API is stricter. */
    public MembershipId addMember(UserId user, OrganizationId organization, RoleSlug role) {
        return rooms.registry()
                .addMember(user, organization, role, Status.ACTIVE)
                .id();
    }

    public void changeRole(MembershipId membership, RoleSlug role) {
        rooms.registry().changeRole(membership, role);
    }

    /** Ends the user's sessions in that organization too. */
    public void deactivateMember(MembershipId membership) {
        rooms.registry().changeStatus(membership, Status.INACTIVE);
    }

    public void reactivateMember(MembershipId membership) {
        rooms.registry().changeStatus(membership, Status.ACTIVE);
    }

    public void removeMember(MembershipId membership) {
        rooms.registry().removeMember(membership);
    }

    /** Signs in without the login page, as a browser on this machine would. The organization may be null. */
    public SignedIn signIn(UserId user, @Nullable OrganizationId organization) {
        return rooms.signIn().directly(user, organization, new SignIn.Browser("127.0.0.1", "WorkOS double"));
    }

    public void revokeSession(SessionId session) {
        rooms.registry().revokeSession(session);
    }

    /** Connects a directory to the organization and activates it. */
    public Directory directory(OrganizationId organization, String name) {
        return rooms.connect(organization, name, Directories.DEFAULT_TYPE);
    }

    /** A directory that was connected before. */
    public Directory directory(DoubleId.Directory id) {
        return rooms.directory(id);
    }

    public Domains domains() {
        return rooms.domains();
    }

    public Roles roles() {
        return rooms.roles();
    }

    public Permissions permissions() {
        return rooms.permissions();
    }

    public Invitations invitations() {
        return rooms.invitations();
    }

    public Connections connections() {
        return rooms.connections();
    }

    /** AuthKit groups; those of directories are in {@link Directory}. */
    public Groups groups() {
        return rooms.groups();
    }

    public Flags flags() {
        return rooms.flags();
    }

    public ApiKeys apiKeys() {
        return rooms.apiKeys();
    }

    /** The time of everything here but real sockets. */
    public DoubleClock clock() {
        return world.clock();
    }

    /**
     * Writes an event of any type, known or not, without changing anything else.
     *
     * @param dataJson the payload, a JSON object
     */
    public void emit(String type, String dataJson, @Nullable OrganizationId organization) {
        world.change(change -> {
            change.emit(type, Json.objectOf(dataJson), organization);
            return true;
        });
    }

    /**
     * Adds a crowd: so many organizations, and so many users, each an active member of one of them by turns (of none
     * without organizations). All of it has its events.
     */
    public void populate(int users, int organizations) {
        new Population(world, rooms.registry()).add(users, organizations);
    }

    /**
     * Back to a new environment: no objects, no events, no webhooks under way, no faults. Keys, secrets, the named
     * webhook endpoint and the clock stay.
     */
    public void reset() {
        faults.heal();
        rooms.empty(settings);
        sender.clear();
    }

    /** Plants the demo's four people in two organizations, once per folder: calling it again changes nothing. */
    public void seedDemo() {
        new DemoSeed(world, rooms.registry()).plant();
    }

    public Faults faults() {
        return faults;
    }

    /** One consistent moment of everything alive. */
    public TruthSnapshot truth() {
        return rooms.truth();
    }

    /** Every event, oldest first, also those that the Events API still holds back. */
    public List<EventRecord> events() {
        return world.read(tables -> List.copyOf(tables.events.all()));
    }

    /**
     * Sends the event's webhook once more, as somebody may do in the dashboard. Throws
     * {@link IllegalArgumentException} when there is no such event.
     */
    public void resendWebhook(EventId event) {
        sender.resend(event);
    }

    /** What became of webhooks since the start. */
    public WebhookCounts webhookCounts() {
        return sender.counts();
    }

    int eventCount() {
        return world.read(tables -> tables.events.all().size());
    }

    /** How many webhooks have not been accepted, dropped or given up yet. */
    public int pendingWebhooks() {
        return world.read(tables -> tables.deliveries.size());
    }

    /** For tests of this room: what the queue holds. */
    List<Delivery> deliveries() {
        return world.read(tables -> List.copyOf(tables.deliveries.values()));
    }

    /** For tests of this room: what compaction would keep. */
    List<Fact> history() {
        return world.read(tables -> tables.facts(Instant.EPOCH));
    }

    /** Stops answering and sending; what a folder keeps is complete without this, too. */
    @Override
    public void close() {
        front.close();
        sender.close();
        world.close();
    }
}
