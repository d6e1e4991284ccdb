package dev.lockstep.sync.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.workos.Priority;
import dev.lockstep.workos.RateBudget;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DirectoryPaceTest {
    private final AtomicLong nanos = new AtomicLong();
    private final DirectoryPace pace = new DirectoryPace(nanos::get);

    private static boolean mayCall(RateBudget budget) throws InterruptedException {
        return budget.acquire(Priority.BACKFILL, Duration.ZERO);
    }

    @Test
    void eachDirectoryHasFourCallsASecondOfItsOwn() throws InterruptedException {
        RateBudget one = pace.of("directory_1");
        for (int i = 0; i < 4; i++) {
            assertThat(mayCall(one)).isTrue();
        }
        assertThat(mayCall(pace.of("directory_1"))).isFalse();
        assertThat(mayCall(pace.of("directory_2"))).as("another directory").isTrue();

        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(250));
        assertThat(mayCall(one)).isTrue();
        assertThat(mayCall(one)).isFalse();
    }

    @Test
    void aRefusalOfOneDirectoryHoldsBackThatOneAlone() throws InterruptedException {
        pace.of("directory_1").refused(Duration.ofSeconds(3));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(mayCall(pace.of("directory_1"))).isFalse();
        assertThat(mayCall(pace.of("directory_2"))).isTrue();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(mayCall(pace.of("directory_1"))).isTrue();
    }
}
