package dev.lockstep.workosdouble;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do, and fails loudly when it does not come. */
final class Waiting {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Waiting() {}

    static void until(BooleanSupplier reached) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not reached within " + PATIENCE);
            }
            Thread.onSpinWait();
        }
    }
}
