package dev.lockstep.sync.backfill;

import dev.lockstep.workos.Priority;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem.RateLimited;
import dev.lockstep.workos.WorkOsProblem.Unreachable;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The rate limits of single directories, which WorkOS has beside that of the environment: four calls a second for the
 * people of one directory. One for everything that walks an environment. Thread-safe.
 */
public final class DirectoryPace {
    private static final double PER_SECOND = 4;
    private static final double BURST = 4;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final Map<String, RateBudget> budgets = new ConcurrentHashMap<>();
    private final LongSupplier nanoClock;

    /** @param nanoClock a monotonic clock, {@code System::nanoTime} outside tests */
    public DirectoryPace(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** The budgets of all directories that were walked since the start, by id. */
    public Map<String, RateBudget> budgets() {
        return Map.copyOf(budgets);
    }

    RateBudget of(String directory) {
        return budgets.computeIfAbsent(directory, id -> new RateBudget(PER_SECOND, BURST, nanoClock));
    }

    void await(RateBudget budget) {
        try {
            if (!budget.acquire(Priority.BACKFILL, LONGEST_WAIT)) {
                throw new WorkOsException(new RateLimited(Duration.ofSeconds(1)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkOsException(new Unreachable("interrupted", 1), e);
        }
    }
}
