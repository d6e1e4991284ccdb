package dev.lockstep.starter;

import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.sync.freshness.Freshness;
import org.springframework.context.SmartLifecycle;

/**
 * Lets those who wait for the mirror hear of every step of the feed, after {@link RevocationFeed}, and sends them away
 * when the node stops, before anybody waits for their requests to end.
 */
final class FreshnessFollowsTheFeed implements SmartLifecycle {
    private final FeedReader feed;
    private final Freshness freshness;
    private final FeedWatch watch;
    private volatile boolean running;

    FreshnessFollowsTheFeed(FeedReader feed, Freshness freshness, FeedWatch watch) {
        this.feed = feed;
        this.freshness = freshness;
        this.watch = watch;
    }

    @Override
    public void start() {
        feed.addListener(freshness);
        feed.addListener(watch);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        freshness.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** The last to start and the first to stop, together with {@link SocketsLeaveFirst}. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
