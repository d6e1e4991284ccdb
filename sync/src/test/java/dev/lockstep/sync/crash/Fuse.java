package dev.lockstep.sync.crash;

import java.util.concurrent.atomic.AtomicInteger;

/** Ends this process at once, as kill -9 would, the n-th time its point is reached. */
final class Fuse {
    static final int EXIT = 137;

    private final KillPoint point;
    private final AtomicInteger left;

    Fuse(KillPoint point, int hit) {
        this.point = point;
        this.left = new AtomicInteger(hit);
    }

    void reach(KillPoint reached) {
        if (reached == point && left.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT);
        }
    }
}
