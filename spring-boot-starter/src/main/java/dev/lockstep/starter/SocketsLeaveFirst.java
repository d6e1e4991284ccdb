package dev.lockstep.starter;

import dev.lockstep.live.LiveEngine;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/** Sends pages to another node before the web server stops, one after the other, so that they do not all arrive at once. */
final class SocketsLeaveFirst implements SmartLifecycle {
    private final LiveEngine live;
    private final Duration drain;
    private volatile boolean running;

    SocketsLeaveFirst(LiveEngine live, Duration drain) {
        this.live = live;
        this.drain = drain;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        try {
            live.drain(drain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            live.close();
        }
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
