package dev.lockstep.sync.inbox;

import static dev.lockstep.sync.Wire.event;
import static dev.lockstep.sync.Wire.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.sync.SyncProblem;
import dev.lockstep.workos.event.EventDecoder;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private final AtomicInteger commits = new AtomicInteger();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch queued = new CountDownLatch(1);

    @Test
    void whoeverSharesACommitThatBreaksHearsOfItInsteadOfWaitingForEver() throws Exception {
        GroupCommit group = new GroupCommit(this::breakSecond);
        try (var callers =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
            Future<Receipt> alone = callers.submit(() -> group.submit(arrival("e1")));
            first.await();
            List<Future<Receipt>> together = List.of(
                    callers.submit(() -> group.submit(arrival("e2"))),
                    callers.submit(() -> group.submit(arrival("e3"))));
            while (!group.holdsBack(2)) {
                Thread.onSpinWait();
            }
            queued.countDown();
            assertThat(alone.get(10, TimeUnit.SECONDS)).isInstanceOf(Receipt.Stored.class);
            for (Future<Receipt> caller : together) {
                assertThatThrownBy(() -> caller.get(10, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOf(SyncProblem.class)
                        .hasMessageContaining("SYNC_INBOX_UNAVAILABLE");
            }
        }
        assertThat(commits).hasValue(2);
    }

    private List<Receipt> breakSecond(List<Arrival> arrivals) {
        if (commits.incrementAndGet() > 1) {
            throw new LinkageError("a class is missing");
        }
        first.countDown();
        try {
            queued.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return arrivals.stream()
                .<Receipt>map(arrival -> new Receipt.Stored(arrival.key()))
                .toList();
    }

    private static Arrival arrival(String id) {
        return Arrival.of(
                new EventDecoder(), new Received(event(id, "user.created", user("u", "Ada", 1), 1), Source.WEBHOOK));
    }
}
