package dev.lockstep.sync.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sync.SimulatedWorkOs;
import dev.lockstep.sync.SimulatedWorkOs.Emitted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node is ended as by kill -9 at each named point and anywhere, while webhooks come in, and the next one goes on in
 * its place: nothing acknowledged is lost, nothing happens twice. Sizes and seed can be set:
 * {@code -Dlockstep.kill.each=100 -Dlockstep.kill.random=500 -Dlockstep.kill.seed=7}.
 */
class KillProofTest {
    private static final int EACH = Integer.getInteger("lockstep.kill.each", 1);
    private static final int RANDOM = Integer.getInteger("lockstep.kill.random", 2);
    private static final long SEED = Long.getLong("lockstep.kill.seed", 20_261_121L);
    private static final int SENDERS = 3;
    private static final int CHUNK = 10;

    @TempDir
    static Path folder;

    private final Random random = new Random(SEED);
    private final SimulatedWorkOs workOs = new SimulatedWorkOs(SEED);
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    /** How much of the journal the Events API shows; it holds the newest back for a while, as WorkOS does. */
    private int revealed;

    @Test
    void whereverItIsKilledNothingAcknowledgedIsLostAndNothingHappensTwice() throws Exception {
        String proof = "kill, seed " + SEED;
        List<KillPoint> kills = new ArrayList<>();
        for (KillPoint point : KillPoint.values()) {
            kills.addAll(Collections.nCopies(point == KillPoint.ANYWHERE ? RANDOM : EACH, point));
        }
        Collections.shuffle(kills, random);
        try (ProofDatabase database = ProofDatabase.start(folder);
                ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
            for (KillPoint point : kills) {
                killAt(point, database, senders);
            }
            try (VictimProcess last = VictimProcess.start(database, KillPoint.ANYWHERE, 1)) {
                reveal(database);
                while (!database.isQuiet()) {
                    assertThat(last.isAlive()).isTrue();
                }
            }
            database.assertNothingLostAndNothingTwice(acknowledged, proof);
            database.assertSameAs(workOs, proof);
            long repeated = database.count("SELECT count(*) - count(DISTINCT key) FROM proof.outside");
            assertThat(repeated)
                    .as("%s: an effect outside may be repeated once per worker that was killed", proof)
                    .isLessThanOrEqualTo(2L * kills.size());
            System.out.printf(
                    "kill proof: seed %d, %d kills (%d at each of ten points, %d anywhere), %d events, %d acknowledged: 0"
                            + " lost, 0 applied twice, 0 effects twice; %d effects outside were repeated%n",
                    SEED, kills.size(), EACH, RANDOM, workOs.journal().size(), acknowledged.size(), repeated);
        }
    }

    private void killAt(KillPoint point, ProofDatabase database, ExecutorService senders) throws Exception {
        int hit = 1 + random.nextInt(4);
        AtomicInteger left =
                new AtomicInteger(point == KillPoint.ANYWHERE ? 1 + random.nextInt(40) : Integer.MAX_VALUE);
        try (VictimProcess victim = VictimProcess.start(database, point, hit)) {
            for (int chunk = 0; victim.isAlive() && chunk < 200; chunk++) {
                int from = workOs.journal().size();
                if (point == KillPoint.F09_PAGE_READ_CURSOR_NOT_MOVED || chunk % 2 == 1) {
                    reveal(database);
                }
                workOs.live(CHUNK);
                List<byte[]> bodies = deliveries(
                        workOs.journal().subList(from, workOs.journal().size()));
                List<Future<?>> sending = new ArrayList<>();
                for (int s = 0; s < SENDERS; s++) {
                    int first = s;
                    sending.add(senders.submit(() -> {
                        for (int i = first; i < bodies.size(); i += SENDERS) {
                            if (left.decrementAndGet() == 0) {
                                victim.kill();
                            }
                            if (victim.deliver(bodies.get(i))) {
                                acknowledged.add(id(bodies.get(i)));
                            }
                        }
                        return null;
                    }));
                }
                for (Future<?> each : sending) {
                    each.get();
                }
            }
            victim.assertKilled();
        }
    }

    /** One of five is never delivered by webhook, one of ten twice, none in order. */
    private List<byte[]> deliveries(List<Emitted> events) {
        List<byte[]> bodies = new ArrayList<>();
        for (Emitted event : events) {
            int fate = random.nextInt(10);
            if (fate > 1) {
                bodies.add(event.body());
            }
            if (fate == 9) {
                bodies.add(event.body());
            }
        }
        Collections.shuffle(bodies, random);
        return bodies;
    }

    private void reveal(ProofDatabase database) {
        List<Emitted> journal = workOs.journal();
        database.reveal(journal.subList(revealed, journal.size()));
        revealed = journal.size();
    }

    private static String id(byte[] body) {
        return tools.jackson.databind.json.JsonMapper.shared()
                .readTree(body)
                .get("id")
                .asString();
    }
}
