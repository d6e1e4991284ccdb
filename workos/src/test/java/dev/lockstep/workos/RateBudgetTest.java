package dev.lockstep.workos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RateBudgetTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final RateBudget budget = new RateBudget(1, 1, now::get);
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> threads = new ArrayList<>();

    @Test
    void theMoreUrgentGoesFirstAndEqualsInTheOrderOfTheirComing() throws InterruptedException {
        take();
        waitsAs("backfill", Priority.BACKFILL);
        waitsAs("login 1", Priority.LOGIN);
        waitsAs("tail", Priority.TAIL);
        waitsAs("login 2", Priority.LOGIN);

        letOneThroughAtATime();

        assertThat(order).containsExactly("tail", "login 1", "login 2", "backfill");
    }

    @Test
    void whoHasWaitedLongGoesBeforeTheUrgentWhoJustCame() throws InterruptedException {
        take();
        waitsAs("backfill", Priority.BACKFILL);
        now.addAndGet(8 * SECOND + 1);
        budget.refused(Duration.ZERO);
        waitsAs("tail", Priority.TAIL);

        letOneThroughAtATime();

        assertThat(order).containsExactly("backfill", "tail");
    }

    @Test
    void itSaysHowMuchIsLeftAndUsedAndWhenItWasRefusedLast() throws InterruptedException {
        RateBudget ten = new RateBudget(10, 5, now::get);
        assertThat(ten.standing()).isEqualTo(new RateBudget.Standing(10, 10, 5, 0, 0, null));
        ten.acquire(Priority.TAIL, Duration.ZERO);
        ten.acquire(Priority.TAIL, Duration.ZERO);
        assertThat(ten.standing()).isEqualTo(new RateBudget.Standing(10, 10, 3, 2, 0, null));

        ten.refused(Duration.ofSeconds(20));
        now.addAndGet(4 * SECOND);

        RateBudget.Standing refused = ten.standing();
        assertThat(refused.refusal()).isEqualTo(new RateBudget.Refusal(Duration.ofSeconds(4), Duration.ofSeconds(20)));
        assertThat(refused.left()).isZero();
        assertThat(refused.perSecond()).isLessThan(refused.fullPerSecond());
    }

    @Test
    void aDeadlineThatPassesUsesNothingUp() throws InterruptedException {
        take();

        assertThat(budget.acquire(Priority.TAIL, Duration.ZERO)).isFalse();
        now.addAndGet(SECOND);
        assertThat(budget.acquire(Priority.BACKFILL, Duration.ZERO)).isTrue();
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void anInterruptedWaiterLeavesTheQueue() throws InterruptedException {
        take();
        AtomicReference<Boolean> interrupted = new AtomicReference<>(false);
        Thread waiter = Thread.ofVirtual().start(() -> {
            try {
                budget.acquire(Priority.LOGIN, LONG);
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        await().until(() -> budget.waiting() == 1);
        waiter.interrupt();
        waiter.join();

        assertThat(interrupted.get()).isTrue();
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void underLoadFromManyThreadsItGivesNoMoreThanItsRate() throws InterruptedException {
        RateBudget real = new RateBudget(500, 10, System::nanoTime);
        long start = System.nanoTime();
        List<Thread> loaders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Priority priority = Priority.values()[i % Priority.values().length];
            loaders.add(Thread.ofVirtual().start(() -> {
                for (int call = 0; call < 10; call++) {
                    acquire(real, priority);
                }
            }));
        }
        for (Thread loader : loaders) {
            loader.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;

        assertThat(200).isLessThanOrEqualTo((int) Math.ceil(10 + seconds * 500));
        assertThat(real.waiting()).isZero();
    }

    @Test
    void aBudgetThatCouldNeverGiveAnythingCannotBeMade() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RateBudget(0, 1, now::get));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateBudget(1, 0.5, now::get));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateBudget(Double.NaN, 1, now::get));
    }

    private void take() throws InterruptedException {
        assertThat(budget.acquire(Priority.LOGIN, Duration.ZERO)).isTrue();
    }

    private void waitsAs(String name, Priority priority) {
        int before = budget.waiting();
        threads.add(Thread.ofVirtual().start(() -> {
            acquire(budget, priority);
            order.add(name);
        }));
        await().until(() -> budget.waiting() == before + 1);
    }

    /** Each second gives one; somebody who only looks in wakes the queue, as a new call would. */
    private void letOneThroughAtATime() throws InterruptedException {
        for (int passed = 1; passed <= threads.size(); passed++) {
            int expected = passed;
            now.addAndGet(SECOND);
            budget.acquire(Priority.BACKFILL, Duration.ZERO);
            await().until(() -> order.size() == expected);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void acquire(RateBudget from, Priority priority) {
        try {
            assertThat(from.acquire(priority, LONG)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
