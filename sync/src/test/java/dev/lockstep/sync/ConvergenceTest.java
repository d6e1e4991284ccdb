package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.SimulatedWorkOs.Emitted;
import dev.lockstep.sync.hydrate.HydrateSettings;
import dev.lockstep.sync.hydrate.Hydrator;
import dev.lockstep.sync.hydrate.ObjectSource;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Received;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.MirrorSink;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.sync.tail.EventsTail;
import dev.lockstep.sync.tail.TailSettings;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.ObjectsApi.Found;
import dev.lockstep.workos.object.WorkOsObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever happens to a stream on its way, the mirror ends as WorkOS is. Size, first seed and number of seeds can be set:
 * {@code -Dlockstep.convergence.events=1000000 -Dlockstep.convergence.seed=7 -Dlockstep.convergence.seeds=20}. Beside
 * the result stands what the rules of others make of the same deliveries.
 */
class ConvergenceTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final int EVENTS = Integer.getInteger("lockstep.convergence.events", 20_000);
    private static final long SEED = Long.getLong("lockstep.convergence.seed", 20_261_121L);
    private static final int SEEDS = Integer.getInteger("lockstep.convergence.seeds", 1);
    private static final int PAGE = 100;
    private static final JsonMapper JSON = JsonMapper.shared();
    /** Their payload is a picture of their two ends at some moment, not a state. */
    private static final Set<ObjectKind> PAIRS = EnumSet.of(ObjectKind.DIRECTORY_GROUP_MEMBER, ObjectKind.GROUP_MEMBER);

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final Snapshots snapshots = new Snapshots(database, () -> {});
    private final InboxDrain drain =
            new InboxDrain(database, new Projector(), DrainSettings.defaults(), new Random(SEED), () -> {});
    private final Inbox inbox = new Inbox(database, new EventDecoder(), () -> {});

    @BeforeEach
    void emptyTables() {
        mirror.clear();
    }

    @Test
    void aShuffledStreamWithRepetitionsStragglersAndSnapshotsEndsAsWorkOsIs() {
        for (long seed = SEED; seed < SEED + SEEDS; seed++) {
            mirror.clear();
            SimulatedWorkOs workOs = new SimulatedWorkOs(seed);
            workOs.live(EVENTS);
            Random random = new Random(seed + 1);
            List<byte[]> deliveries = deliveries(workOs.journal(), random);
            arrive(workOs, deliveries, random);
            assertSame(workOs);
            say(workOs, deliveries, seed);
        }
    }

    private void arrive(SimulatedWorkOs workOs, List<byte[]> deliveries, Random random) {
        List<SimulatedWorkOs.Seen> looks = new ArrayList<>(workOs.snapshots());
        Collections.shuffle(looks, random);
        for (int from = 0; from < deliveries.size(); from += PAGE) {
            deliver(deliveries.subList(from, Math.min(deliveries.size(), from + PAGE)), random);
            int looked = (int) ((long) looks.size() * from / deliveries.size());
            int until = (int) ((long) looks.size() * Math.min(deliveries.size(), from + PAGE) / deliveries.size());
            looks.subList(looked, until)
                    .forEach(look -> snapshots.apply(look.fetched(), look.fetchStartedAt(), Writer.SNAPSHOT));
            if (random.nextInt(3) == 0) {
                drain.drainOnce();
            }
        }
        drain.drainOnce();
    }

    /** Says what came out, and what the rules of others make of the same deliveries. */
    private static void say(SimulatedWorkOs workOs, List<byte[]> deliveries, long seed) {
        System.out.printf(
                Locale.ROOT,
                "convergence proof: seed %d: %,d events in %,d deliveries; 0 of %,d objects divergent%n",
                seed,
                EVENTS,
                deliveries.size(),
                Arrays.stream(ObjectKind.values())
                        .mapToInt(kind -> workOs.alive(kind).size())
                        .sum());
        for (PeerRule rule : PeerRule.values()) {
            Map<ObjectKind, Map<String, JsonNode>> rows = rule.rows(deliveries);
            List<String> counts = new ArrayList<>();
            int sum = 0;
            for (ObjectKind kind : ObjectKind.values()) {
                int divergent = PeerRule.divergent(workOs, kind, rows.get(kind), !PAIRS.contains(kind));
                sum += divergent;
                if (divergent > 0) {
                    counts.add(kind.name().toLowerCase(Locale.ROOT) + " " + divergent);
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "convergence proof:   by the rule \"%s\" %,d would be: %s%n",
                    rule.words(),
                    sum,
                    String.join(", ", counts));
        }
    }

    @Test
    void withEveryWebhookLostTheTailAloneEndsAsWorkOsIs() {
        SimulatedWorkOs workOs = new SimulatedWorkOs(SEED);
        workOs.live(2_500);
        FakeEventSource source = new FakeEventSource(PAGE);
        EventsTail tail = new EventsTail(
                database, inbox, source, TailSettings.defaults("test"), UUID.randomUUID(), SettableClock.at(Wire.T0));
        for (int from = 0; from < 2_500; from += 270) {
            source.addAll(workOs.journal().subList(from, Math.min(2_500, from + 270)));
            tail.pollOnce();
            drain.drainOnce();
        }
        assertSame(workOs);

        mirror.run("UPDATE lockstep.refetch SET due_at = now()");
        ObjectSource truth = (kind, key, organization) -> {
            String found = workOs.alive(kind).get(String.join("/", key));
            return found == null ? new Found.Gone() : new Found.There(WorkOsObject.from(kind, JSON.readTree(found)));
        };
        int asked = new Hydrator(
                        database,
                        truth,
                        new MirrorSink(database, snapshots),
                        HydrateSettings.defaults(),
                        SettableClock.at(Wire.T0.plusSeconds(3_600)),
                        () -> false)
                .hydrateOnce();
        assertThat(asked).as("events of one moment").isPositive();
        assertSame(workOs);
    }

    /** In blocks, each shuffled; one of twenty twice, one of a hundred very late. */
    private static List<byte[]> deliveries(List<Emitted> journal, Random random) {
        List<byte[]> deliveries = new ArrayList<>();
        List<byte[]> late = new ArrayList<>();
        int block = 500;
        for (int from = 0; from < journal.size(); from += block) {
            List<byte[]> shuffled = new ArrayList<>();
            for (Emitted event : journal.subList(from, Math.min(journal.size(), from + block))) {
                int fate = random.nextInt(100);
                (fate == 0 ? late : shuffled).add(event.body());
                if (fate >= 95) {
                    (fate >= 98 ? late : shuffled).add(event.body());
                }
            }
            Collections.shuffle(shuffled, random);
            deliveries.addAll(shuffled);
        }
        Collections.shuffle(late, random);
        deliveries.addAll(late);
        return deliveries;
    }

    private void deliver(List<byte[]> bodies, Random random) {
        Source source = random.nextBoolean() ? Source.WEBHOOK : Source.TAIL;
        database.write(tx -> inbox.receiveAll(
                tx, bodies.stream().map(body -> new Received(body, source)).toList()));
    }

    private void assertSame(SimulatedWorkOs workOs) {
        assertThat(mirror.value("SELECT count(*) FROM lockstep.inbox WHERE state <> 'done'", Long.class))
                .as("seed %d: events not applied", SEED)
                .isZero();
        for (ObjectKind kind : ObjectKind.values()) {
            assertSame(workOs, kind);
        }
    }

    private void assertSame(SimulatedWorkOs workOs, ObjectKind kind) {
        Map<String, String> dead = workOs.dead(kind);
        Map<String, JsonNode> alive = new TreeMap<>();
        mirror.rows(Mirror.table(kind)).forEach((id, row) -> {
            assertThat(row.deleted())
                    .as("seed %d: %s %s is gone", SEED, kind, id)
                    .isEqualTo(dead.containsKey(id));
            if (!row.deleted()) {
                alive.put(id, JSON.readTree(row.raw()));
            }
        });
        Map<String, JsonNode> truth = new TreeMap<>();
        workOs.alive(kind).forEach((id, object) -> truth.put(id, JSON.readTree(object)));
        assertThat(truth).as("seed %d: the history has some of %s", SEED, kind).isNotEmpty();
        assertThat(alive.keySet()).as("seed %d: %s", SEED, kind).isEqualTo(truth.keySet());
        if (!PAIRS.contains(kind)) {
            truth.forEach((id, object) ->
                    assertThat(alive.get(id)).as("seed %d: %s", SEED, id).isEqualTo(object));
        }
    }
}
