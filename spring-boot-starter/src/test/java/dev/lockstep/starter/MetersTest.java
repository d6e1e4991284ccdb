package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.live.LiveEngine;
import dev.lockstep.live.LiveSettings;
import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.live.function.FunctionObserver;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.store.feed.FeedSettings;
import dev.lockstep.store.feed.HeldSnapshots;
import dev.lockstep.sync.backfill.DirectoryPace;
import dev.lockstep.sync.freshness.AskedMemberships;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.freshness.MirroredMemberships;
import dev.lockstep.sync.freshness.RightsGate;
import dev.lockstep.sync.freshness.StalenessGate;
import dev.lockstep.sync.freshness.WhenStale;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.reconcile.DriftLog;
import dev.lockstep.sync.work.EventTally;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.ApiKey;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsSettings;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every meter is on the page, and every row of the page is a meter. */
class MetersTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("starter", Migrations::migrate);

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `(lockstep\\.[a-z.]+)` \\| (gauge|counter) \\| ([^|]+) \\| (.*)$", Pattern.MULTILINE);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Signals signals = new Signals();
    private final FunctionTimes functions = new FunctionTimes(ErrorTracker.NONE);
    private WorkOsClient workOs;
    private RightsGate rights;

    @BeforeEach
    void bind() {
        Database database = new Database(postgres.dataSource());
        database.write(tx -> tx.sql("TRUNCATE lockstep.inbox, lockstep.sync_mark, lockstep.cursor, lockstep.lease")
                .update());
        InstantSource clock = InstantSource.system();
        workOs = WorkOsClient.open(
                WorkOsSettings.of(new ApiKey("sk_test"), "client_test"),
                RateBudget.forEnvironment(),
                clock,
                new Random(1));
        rights = new RightsGate(
                new StalenessGate(database, Duration.ofMinutes(1), System::nanoTime),
                new MirroredMemberships(database),
                new AskedMemberships(
                        (user, organization) -> List.of(),
                        new Snapshots(database, () -> {}),
                        Duration.ofMinutes(1),
                        clock,
                        System::nanoTime),
                WhenStale.REFUSE);
        CallerAuthority nobody = token -> new CallerAuthority.Verdict.Refused("nobody");
        LiveEngine live = new LiveEngine(
                database,
                new FeedReader(postgres.dataSource(), UUID.randomUUID(), FeedSettings.defaults()),
                LiveFunctions.builder().build(),
                nobody,
                LiveSettings.DEFAULTS,
                clock);
        new SharedMeters(new MirrorLook(database, "client_test", System::nanoTime)).bindTo(registry);
        new ReconcileMeters(new DriftLog(database)).bindTo(registry);
        new NodeMeters(
                        signals,
                        new NodeMeters.Parts(
                                workOs,
                                new DirectoryPace(System::nanoTime),
                                new Projector().tally(),
                                new EventTally(),
                                new Freshness(database, "client_test"),
                                rights,
                                new FeedWatch(clock),
                                live,
                                new HeldSnapshots(
                                        postgres.dataSource(),
                                        new HeldSnapshots.Settings(1, Duration.ofSeconds(30)),
                                        clock),
                                functions))
                .bindTo(registry);
    }

    @AfterEach
    void close() {
        workOs.close();
    }

    @Test
    void everyMeterIsOnThePageWithItsKindAndUnitAndTheOtherWayRound() throws IOException {
        Map<String, String> onPage = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            assertThat(onPage.put(
                            row.group(1), row.group(2) + " in " + row.group(3).strip()))
                    .as(row.group(1) + " stands twice")
                    .isNull();
        }
        Map<String, String> bound = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            bound.put(
                    meter.getId().getName(),
                    meter.getId().getType().name().toLowerCase(Locale.ROOT) + " in "
                            + meter.getId().getBaseUnit());
        }
        assertThat(bound).isEqualTo(onPage);
        assertThat(bound).hasSizeGreaterThan(20);
    }

    @Test
    void everyLabelIsOnThePageInTheRowOfItsMeter() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            rows.put(row.group(1), row.group(4));
        }
        Set<String> missing = new TreeSet<>();
        for (Meter meter : registry.getMeters()) {
            String text = rows.get(meter.getId().getName());
            meter.getId().getTags().forEach(tag -> {
                if (!text.contains("`" + tag.getKey() + "`") || !text.contains("`" + tag.getValue() + "`")) {
                    missing.add(meter.getId().getName() + " " + tag);
                }
            });
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void whatIsCountedIsShown() {
        signals.webhooks().count(Signals.Webhook.DUPLICATE);
        signals.webhooks().count(Signals.Webhook.DUPLICATE);
        signals.signIns().count(Signals.SignIn.SUCCEEDED);
        signals.methods().count(Signals.Method.GOOGLE);
        signals.sessions().count(Signals.Session.REVOKED);
        functions.ran(LiveFunctions.Kind.MUTATION, "a:b", FunctionObserver.End.REFUSED, 2_000_000_000);
        rights.rights(new UserId("user_ada"), new OrganizationId("org_acme"));

        assertThat(counter("lockstep.webhook.received", "outcome", "duplicate")).isEqualTo(2);
        assertThat(counter("lockstep.webhook.received", "outcome", "stored")).isZero();
        assertThat(counter("lockstep.auth.login", "outcome", "succeeded")).isEqualTo(1);
        assertThat(counter("lockstep.auth.login.method", "method", "google")).isEqualTo(1);
        assertThat(registry.get("lockstep.live.runs")
                        .tags("kind", "mutation", "outcome", "refused")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(counter("lockstep.live.run.time", "kind", "mutation")).isEqualTo(2);
        assertThat(counter("lockstep.auth.session", "outcome", "revoked")).isEqualTo(1);
        assertThat(counter("lockstep.rights.decided", "by", "nobody")).isEqualTo(1);
        assertThat(registry.get("lockstep.workos.budget.rate").gauge().value()).isEqualTo(100);
    }

    @Test
    void beforeTheFirstPollItsAgeIsNotANumberAndNothingWaits() {
        assertThat(registry.get("lockstep.sync.poll.age").gauge().value()).isNaN();
        assertThat(registry.get("lockstep.sync.lag").gauge().value()).isNaN();
        assertThat(registry.get("lockstep.inbox.pending").gauge().value()).isZero();
        assertThat(registry.get("lockstep.inbox.events")
                        .tag("state", "parked")
                        .gauge()
                        .value())
                .isZero();
        assertThat(registry.get("lockstep.meters.failures").functionCounter().count())
                .isZero();
    }

    private double counter(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).functionCounter().count();
    }
}
