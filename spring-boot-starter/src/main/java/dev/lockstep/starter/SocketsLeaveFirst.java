package dev.lockstep.starter;

import dev.lockstep.live.LiveEngine;
import org.springframework.context.SmartLifecycle;

/** Sends pages to another node before the web server stops, with a close code that makes them come back at once. */
final class SocketsLeaveFirst implements SmartLifecycle {
    private final LiveEngine live;
    private volatile boolean running;

    SocketsLeaveFirst(LiveEngine live) {
        this.live = live;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        live.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
