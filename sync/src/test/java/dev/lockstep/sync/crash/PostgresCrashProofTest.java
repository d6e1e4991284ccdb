package dev.lockstep.sync.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sync.SimulatedWorkOs;
import dev.lockstep.sync.SimulatedWorkOs.Emitted;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.outbox.OutboxDelivery;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.work.Backoff;
import dev.lockstep.workos.event.EventDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;

/**
 * PostgreSQL is killed again and again under a node that takes, applies and tells events. Sizes and seed can be set:
 * {@code -Dlockstep.crash.times=100 -Dlockstep.crash.seed=7}.
 */
class PostgresCrashProofTest {
    private static final int TIMES = Integer.getInteger("lockstep.crash.times", 2);
    private static final long SEED = Long.getLong("lockstep.crash.seed", 20_261_121L);
    private static final int SENDERS = 4;

    @TempDir
    static Path folder;

    private final Random random = new Random(SEED);
    private final SimulatedWorkOs workOs = new SimulatedWorkOs(SEED);
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @Test
    void aDatabaseThatIsKilledUnderLoadLosesNothingAndNothingHappensTwice() throws Exception {
        String proof = "crash of PostgreSQL, seed " + SEED;
        try (ProofDatabase database = ProofDatabase.start(folder);
                OutboxDelivery delivery = new OutboxDelivery(
                        database.database(),
                        List.of(new TwoEffects(database.database(), new Fuse(KillPoint.ANYWHERE, 1))),
                        new OutboxDelivery.Settings(2, Duration.ofMillis(100), Backoff.standard()),
                        new Random(SEED));
                InboxDrain drain = new InboxDrain(
                        database.database(),
                        new Projector(),
                        new DrainSettings(
                                2, 20, Duration.ofMillis(100), 8, Duration.ofMillis(20), Duration.ofSeconds(1)),
                        new Random(SEED),
                        delivery::signal);
                ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
            delivery.start();
            drain.start();
            Inbox inbox = new Inbox(database.database(), new EventDecoder(), drain::signal);
            for (int time = 0; time < TIMES; time++) {
                int from = workOs.journal().size();
                workOs.live(200);
                List<Emitted> events = new ArrayList<>(
                        workOs.journal().subList(from, workOs.journal().size()));
                Collections.shuffle(events, random);
                CountDownLatch enough = new CountDownLatch(1 + random.nextInt(120));
                List<Future<?>> sending = new ArrayList<>();
                for (int s = 0; s < SENDERS; s++) {
                    int first = s;
                    sending.add(senders.submit(() -> {
                        for (int i = first; i < events.size(); i += SENDERS) {
                            deliver(inbox, events.get(i), enough);
                        }
                    }));
                }
                assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
                database.crash();
                database.bringBack();
                for (Future<?> each : sending) {
                    each.get();
                }
            }
            while (waiting(database) > 0) {
                Thread.onSpinWait();
            }
            database.assertNothingLostAndNothingTwice(acknowledged, proof);
            database.assertSameAs(workOs, proof);
            System.out.printf(
                    "crash proof: seed %d, PostgreSQL killed %d times, %d events acknowledged: 0 lost, 0 applied twice,"
                            + " 0 effects twice%n",
                    SEED, TIMES, acknowledged.size());
        }
    }

    /** As WorkOS does: again and again until it is taken. */
    private void deliver(Inbox inbox, Emitted event, CountDownLatch enough) {
        while (!acknowledged.contains(event.id().value())) {
            try {
                inbox.receive(event.body(), Source.WEBHOOK);
                acknowledged.add(event.id().value());
                enough.countDown();
            } catch (SyncProblem refused) {
                Thread.onSpinWait();
            }
        }
    }

    private static long waiting(ProofDatabase database) {
        try {
            return database.count("SELECT (SELECT count(*) FROM lockstep.inbox WHERE state IN ('new', 'retry'))"
                    + " + (SELECT count(*) FROM lockstep.outbox WHERE state IN ('new', 'retry'))");
        } catch (DataAccessException staleConnection) {
            return 1;
        }
    }
}
