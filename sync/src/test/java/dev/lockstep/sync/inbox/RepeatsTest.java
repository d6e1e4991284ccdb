package dev.lockstep.sync.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RepeatsTest {
    private final AtomicLong now = new AtomicLong();
    private final Repeats repeats = new Repeats(50, Duration.ofNanos(20), now::get);
    private final List<Integer> limits = new ArrayList<>();

    @Test
    void whatFailsAgainIsTriedAlone() {
        assertThat(fails()).isTrue();
        assertThat(fails()).isTrue();
        assertThat(limits).containsExactly(1, 1);
    }

    @Test
    void whatGoesWellIsFollowedByTwiceAsMany() {
        for (int i = 0; i < 8; i++) {
            assertThat(succeeds()).isTrue();
        }
        assertThat(limits).containsExactly(1, 2, 4, 8, 16, 32, 50, 50);
        assertThat(fails()).isTrue();
        assertThat(fails()).isTrue();
        assertThat(limits).endsWith(50, 1);
    }

    @Test
    void whenNothingIsDueNobodyLooksForAWhile() {
        assertThat(finds(0)).isFalse();
        now.set(19);
        assertThat(finds(0)).isFalse();
        assertThat(limits).hasSize(1);
        now.set(20);
        assertThat(finds(1)).isTrue();
        assertThat(limits).hasSize(2);
    }

    @Test
    void onlyOneTriesAtATime() {
        assertThat(repeats.next(limit -> {
                    Thread other = Thread.ofPlatform().start(this::succeeds);
                    join(other);
                    return new Applier.Batch(limit, 0);
                }))
                .isTrue();
        assertThat(limits).isEmpty();
    }

    @Test
    void afterATryThatBrokeOffTheNextIsSmallAndLater() {
        succeeds();
        assertThatThrownBy(() -> repeats.next(limit -> {
                    throw new IllegalStateException("the database is away");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(succeeds()).isFalse();
        now.set(20);
        assertThat(succeeds()).isTrue();
        assertThat(limits).containsExactly(1, 1);
    }

    private boolean succeeds() {
        return repeats.next(limit -> {
            limits.add(limit);
            return new Applier.Batch(limit, 0);
        });
    }

    private boolean fails() {
        return repeats.next(limit -> {
            limits.add(limit);
            return new Applier.Batch(limit, 1);
        });
    }

    private boolean finds(int due) {
        return repeats.next(limit -> {
            limits.add(limit);
            return new Applier.Batch(Math.min(due, limit), 0);
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
