package dev.lockstep.sync.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.backfill.DirectoryPace;
import dev.lockstep.sync.backfill.WorkOsObjects;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.reconcile.Reconcile.Mode;
import dev.lockstep.sync.tail.EventsTail;
import dev.lockstep.sync.tail.TailSettings;
import dev.lockstep.sync.tail.WorkOsEventSource;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.ApiKey;
import dev.lockstep.workos.Priority;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsSettings;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.event.EventsApi;
import dev.lockstep.workosdouble.DoubleSettings;
import dev.lockstep.workosdouble.Kind;
import dev.lockstep.workosdouble.TruthSnapshot;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * For 72 hours of a clock that is moved by hand no webhook arrives. Then the Events tail alone, or one comparison alone,
 * has to bring the mirror to where WorkOS is. How much happens an hour can be set: {@code -Dlockstep.lost.verbs=500}.
 */
class ThreeDaysWithoutWebhooksTest {
    private static final int HOURS = 72;
    private static final int VERBS = Integer.getInteger("lockstep.lost.verbs", 10);
    private static final long SEED = Long.getLong("lockstep.lost.seed", 20_261_121L);
    private static final Map<Kind, Mirrored> KINDS = Map.of(
            Kind.DIRECTORY, Mirrored.DIRECTORIES,
            Kind.DIRECTORY_USER, Mirrored.DIRECTORY_USERS,
            Kind.DIRECTORY_GROUP, Mirrored.DIRECTORY_GROUPS,
            Kind.DIRECTORY_GROUP_MEMBER, Mirrored.DIRECTORY_GROUP_MEMBERS);

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final SettableClock clock = SettableClock.at("2026-03-01T10:00:00Z");
    private WorkOsDouble workOs;
    private WorkOsClient client;
    private InboxDrain drain;
    private EventsTail tail;

    @BeforeEach
    void aMirrorThatIsRightAndThenThreeDaysOfSilence() {
        workOs = WorkOsDouble.start(DoubleSettings.builder().clock(clock).build());
        client = WorkOsClient.open(
                WorkOsSettings.of(new ApiKey(workOs.apiKey()), workOs.clientId())
                        .withBaseUrl(workOs.baseUrl()),
                new RateBudget(10_000, 10_000, System::nanoTime),
                clock,
                new Random(1));
        drain = new InboxDrain(database, new Projector(), DrainSettings.defaults(), new Random(SEED), () -> {});
        tail = new EventsTail(
                database,
                new Inbox(database, new EventDecoder(), () -> {}),
                new WorkOsEventSource(new EventsApi(client.at(Priority.TAIL))),
                TailSettings.defaults("test"),
                UUID.randomUUID(),
                clock);
        Turmoil turmoil = new Turmoil(workOs, SEED);
        turmoil.happen(60);
        clock.advance(Duration.ofMinutes(1));
        poll();
        assertThat(divergent()).as("before").isEmpty();
        for (int hour = 0; hour < HOURS; hour++) {
            turmoil.happen(VERBS);
            clock.advance(Duration.ofHours(1));
        }
        assertThat(divergent()).as("after three days").isNotEmpty();
    }

    @AfterEach
    void stop() {
        client.close();
        workOs.close();
    }

    private void poll() {
        tail.pollOnce();
        drain.drainOnce();
    }

    @Test
    void theTailAloneBringsEverythingBack() {
        poll();

        assertThat(divergent()).isEmpty();
        say("the tail alone");
    }

    @Test
    void oneComparisonAloneBringsEverythingBack() {
        Verdict verdict = new Reconcile(
                        database,
                        new WorkOsObjects(
                                client.at(Priority.RECONCILE),
                                EnumSet.allOf(Mirrored.class),
                                new DirectoryPace(System::nanoTime)),
                        new Freshness(database, "test"),
                        new Reconcile.Settings(2, Duration.ZERO),
                        () -> {})
                .run(Mode.REPAIR, totals -> {});

        assertThat(verdict.failed()).isZero();
        assertThat(divergent()).isEmpty();
        say("one comparison alone");
    }

    private void say(String by) {
        System.out.printf(
                "lost proof: seed %d, %d hours without a webhook, %d events, 0 divergent after %s%n",
                SEED, HOURS, workOs.events().size(), by);
    }

    /** Everything in which mirror and WorkOS differ; each object as one line. */
    private List<String> divergent() {
        TruthSnapshot truth = workOs.truth();
        return Stream.of(
                        differing(
                                "SELECT concat_ws(' ', id, email, first_name, last_name) FROM workos.users_live",
                                truth.users().stream()
                                        .map(user -> String.join(
                                                " ",
                                                user.id().value(),
                                                user.email(),
                                                user.firstName(),
                                                user.lastName()))),
                        differing(
                                "SELECT id || ' ' || name FROM workos.organizations_live",
                                truth.organizations().stream()
                                        .map(team -> team.id().value() + " " + team.name())),
                        differing(
                                "SELECT concat_ws(' ', id, user_id, organization_id, role_slugs[1], status)"
                                        + " FROM workos.organization_memberships_live",
                                truth.memberships().stream()
                                        .map(member -> String.join(
                                                " ",
                                                member.id().value(),
                                                member.userId().value(),
                                                member.organizationId().value(),
                                                member.role().value(),
                                                "active"))),
                        KINDS.entrySet().stream()
                                .flatMap(kind -> differing(
                                        "SELECT "
                                                + Mirror.key("workos."
                                                        + kind.getValue().word()) + " FROM workos."
                                                + kind.getValue().word() + "_live",
                                        truth.of(kind.getKey()).stream().map(object -> object.id()))))
                .flatMap(lines -> lines)
                .toList();
    }

    private Stream<String> differing(String held, Stream<String> wanted) {
        List<String> there = mirror.list(held);
        List<String> real = wanted.toList();
        return Stream.concat(
                there.stream().filter(line -> !real.contains(line)).map(line -> "only here: " + line),
                real.stream().filter(line -> !there.contains(line)).map(line -> "only at WorkOS: " + line));
    }
}
