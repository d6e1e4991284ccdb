package dev.lockstep.starter;

import dev.lockstep.sync.hydrate.Hydrator;
import org.springframework.context.SmartLifecycle;

/** Runs the hydrator on nodes that apply events: started after the drain, stopped before it. */
final class Hydration implements SmartLifecycle {
    private final Hydrator hydrator;
    private final boolean enabled;
    private volatile boolean running;

    Hydration(Hydrator hydrator, boolean enabled) {
        this.hydrator = hydrator;
        this.enabled = enabled;
    }

    @Override
    public void start() {
        if (enabled) {
            hydrator.start();
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        hydrator.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Rooms.BEFORE_THE_WEB_SERVER + 1;
    }
}
