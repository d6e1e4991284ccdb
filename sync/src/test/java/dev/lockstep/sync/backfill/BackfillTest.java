package dev.lockstep.sync.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.SimulatedWorkOs;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.Traffic;
import dev.lockstep.sync.backfill.Backfill.Start;
import dev.lockstep.sync.backfill.Backfill.Summary;
import dev.lockstep.sync.backfill.MortalConnections.Killed;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.object.ObjectKind;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackfillTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final int PAGE = 5;

    private final MortalConnections connections = new MortalConnections(postgres.dataSource());
    private final Database database = new Database(connections);
    private final Mirror mirror = new Mirror(new Database(postgres.dataSource()));
    private final SimulatedWorkOs workOs = new SimulatedWorkOs(11);
    private final SimulatedLists lists = new SimulatedLists(workOs, PAGE);
    private final Traffic traffic = new Traffic(new Database(postgres.dataSource()), workOs, 11);

    private Backfill backfill(int lanes) {
        return new Backfill(database, lists, "test", lanes, () -> {});
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void anEmptyMirrorIsFilledWithEverythingThatIsListed(int lanes) {
        workOs.live(400);

        Summary summary = backfill(lanes).run(Start.FRESH, totals -> {});

        traffic.assertListedKindsAreSame(mirror);
        assertThat(summary.isComplete()).isTrue();
        assertThat(summary.seen()).isEqualTo(alive());
        assertThat(summary.written()).isEqualTo(aliveWithWhatIsInside());
        assertThat(summary.deleted()).isZero();
    }

    @Test
    void aSecondOneFindsNothingToWriteAndTouchesNoRow() {
        workOs.live(300);
        backfill(1).run(Start.FRESH, totals -> {});
        long changes = mirror.value("SELECT count(*) FROM lockstep.change", Long.class);

        Summary again = backfill(1).run(Start.FRESH, totals -> {});

        assertThat(again.written()).isZero();
        assertThat(again.seen()).isEqualTo(alive());
        assertThat(mirror.value("SELECT count(*) FROM lockstep.change", Long.class))
                .isEqualTo(changes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void killedAtEveryPageWithTrafficRunningItEndsAsWorkOsIsAndReadsAPageALaneAgain(int lanes) {
        workOs.live(250);
        traffic.beginHere();
        AtomicInteger pages = new AtomicInteger();
        lists.onTheWay = () -> {
            traffic.goOn(3);
            if (pages.incrementAndGet() % 2 == 0) {
                connections.dieBeforeTheNextCommit();
            } else {
                connections.dieAfterTheNextCommit();
            }
        };

        int kills = 0;
        Summary summary = null;
        while (summary == null) {
            try {
                summary = backfill(lanes).run(kills == 0 ? Start.FRESH : Start.RESUME, totals -> {});
            } catch (Killed e) {
                kills++;
                assertThat(kills).as("it must come to an end").isLessThan(2_000);
            }
        }
        lists.onTheWay = () -> {};
        traffic.catchUp();

        traffic.assertListedKindsAreSame(mirror);
        int read = lists.asked().values().stream().mapToInt(Integer::intValue).sum();
        int readAgain = read - lists.asked().size();
        assertThat(kills).as("kills").isGreaterThan(20);
        assertThat(readAgain).as("pages read again in %d kills", kills).isLessThanOrEqualTo(kills * lanes);
        assertThat(summary.isComplete()).isTrue();
    }

    @Test
    void rowsThatWorkOsDoesNotHaveAreMarkedAsGoneAfterItWasAskedForEach() {
        workOs.live(300);
        backfill(1).run(Start.FRESH, totals -> {});
        traffic.beginHere();
        workOs.live(200);
        String hidden = workOs.alive(ObjectKind.USER).keySet().iterator().next();
        lists.hidden.add(hidden);

        Summary summary = backfill(1).run(Start.FRESH, totals -> {});

        traffic.assertListedKindsAreSame(mirror);
        assertThat(summary.deleted()).isPositive();
        assertThat(lists.found).contains(hidden);
        assertThat(mirror.row("workos.users", hidden).orElseThrow().deleted()).isFalse();
    }

    @Test
    void aListWithoutAnAnswerIsReportedAndAccusesNobody() {
        workOs.live(300);
        backfill(1).run(Start.FRESH, totals -> {});
        long users = aliveRows();
        lists.silent.add(Mirrored.USERS);

        Summary summary = backfill(1).run(Start.FRESH, totals -> {});

        assertThat(summary.isComplete()).isFalse();
        assertThat(summary.failed()).isEqualTo(1);
        assertThat(aliveRows()).isEqualTo(users);
        lists.silent.clear();
        assertThat(backfill(1).run(Start.RESUME, totals -> {}).isComplete()).isTrue();
    }

    @Test
    void withoutAnyAnswerItStopsAndKeepsWhatItRead() {
        workOs.live(300);
        lists.silent.add(Mirrored.MEMBERSHIPS);

        assertThatThrownBy(() -> backfill(1).run(Start.FRESH, totals -> {}))
                .isInstanceOf(SyncProblem.class)
                .hasMessageContaining("SYNC_WALK_STOPPED")
                .hasMessageContaining("--resume");
        assertThat(aliveRows()).isEqualTo(workOs.alive(ObjectKind.USER).size());
    }

    @Test
    void anUnfinishedOneIsNotForgottenBySilence() {
        workOs.live(100);
        lists.onTheWay = connections::dieBeforeTheNextCommit;
        assertThatThrownBy(() -> backfill(1).run(Start.FRESH, totals -> {})).isInstanceOf(Killed.class);
        lists.onTheWay = () -> {};

        assertThatThrownBy(() -> backfill(1).run(Start.FRESH, totals -> {}))
                .hasMessageContaining("SYNC_WALK_UNCLEAR")
                .hasMessageContaining("--resume");
        assertThat(backfill(1).run(Start.RESTART, totals -> {}).isComplete()).isTrue();
        assertThatThrownBy(() -> backfill(1).run(Start.RESUME, totals -> {})).hasMessageContaining("SYNC_WALK_UNCLEAR");
    }

    @Test
    void oneThatIsBegunAnewElsewhereStopsTheOlder() {
        workOs.live(100);
        AtomicInteger pages = new AtomicInteger();
        lists.onTheWay = () -> {
            if (pages.incrementAndGet() == 2) {
                lists.onTheWay = () -> {};
                backfill(1).run(Start.RESTART, totals -> {});
            }
        };

        assertThatThrownBy(() -> backfill(1).run(Start.FRESH, totals -> {}))
                .isInstanceOf(SyncProblem.class)
                .hasMessageContaining("SYNC_WALK_OVERTAKEN");
        traffic.assertListedKindsAreSame(mirror);
    }

    @Test
    void aTailThatHasNotBegunBeginsAtTheBoundary() {
        workOs.live(20);
        Summary summary = backfill(1).run(Start.FRESH, totals -> {});

        assertThat(mirror.value("SELECT boundary FROM lockstep.cursor WHERE name = 'test'", OffsetDateTime.class)
                        .toInstant())
                .isEqualTo(summary.boundary());
    }

    @Test
    void progressGrowsWithEveryPageAndEndsWithAllLists() {
        workOs.live(200);
        var seen = new ArrayList<Totals>();
        backfill(1).run(Start.FRESH, seen::add);

        assertThat(seen).isSortedAccordingTo(Comparator.comparingLong(Totals::pages));
        Totals last = seen.getLast();
        assertThat(last.shards()).isEqualTo(last.shardsDone());
        assertThat(last.shards()).isEqualTo(lists.lists());
        assertThat(last.seen()).isEqualTo(alive());
    }

    /** What stands in a list of its own. */
    private long alive() {
        return SimulatedLists.KINDS.stream()
                .mapToLong(kind -> workOs.alive(kind.object()).size())
                .sum();
    }

    private long aliveWithWhatIsInside() {
        return Arrays.stream(Mirrored.values())
                .mapToLong(kind -> workOs.alive(kind.object()).size())
                .sum();
    }

    private long aliveRows() {
        return mirror.value("SELECT count(*) FROM workos.users WHERE deleted_at IS NULL", Long.class);
    }
}
