package dev.lockstep.starter;

import dev.lockstep.live.LiveEngine;
import dev.lockstep.session.Revocations;
import dev.lockstep.store.feed.DurableReader;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.store.feed.HeldSnapshots;
import dev.lockstep.store.feed.Pruner;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.tail.EventsTail;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the threads of all rooms in their order and stops them in the opposite one: the mouths, then the feed. The
 * sockets have gone before, see {@link SocketsLeaveFirst}.
 */
final class Rooms implements SmartLifecycle {
    /** After the web server has begun to listen it is too late: a page must not meet a feed that stands still. */
    static final int BEFORE_THE_WEB_SERVER = Integer.MAX_VALUE - 4096;

    private final FeedReader feed;
    private final Pruner pruner;
    private final LiveEngine live;
    private final HeldSnapshots held;
    private final InboxDrain drain;
    private final EventsTail tail;
    private final List<DurableReader> readers;
    private final Settings settings;
    private volatile boolean running;

    /**
     * What this node does.
     *
     * @param sync whether it applies events and may hold the tail's lease
     * @param revocations what the session reader asks
     */
    record Settings(boolean sync, Revocations revocations) {}

    /** Threads that follow the feed or feed it. */
    record Threads(
            FeedReader feed, Pruner pruner, LiveEngine live, HeldSnapshots held, InboxDrain drain, EventsTail tail) {}

    Rooms(Threads threads, List<DurableReader> readers, Settings settings) {
        this.feed = threads.feed();
        this.pruner = threads.pruner();
        this.live = threads.live();
        this.held = threads.held();
        this.drain = threads.drain();
        this.tail = threads.tail();
        this.readers = List.copyOf(readers);
        this.settings = settings;
    }

    @Override
    public void start() {
        feed.addListener(new RevocationFeed(settings.revocations(), live::revoke, SessionConfiguration.TOKEN_MEMORY));
        feed.addListener(new EndedSessionFeed(settings.revocations(), live::revoke, SessionConfiguration.TOKEN_MEMORY));
        live.start();
        readers.forEach(feed::addListener);
        feed.addListener(new RowLines());
        feed.start();
        held.start();
        pruner.start();
        readers.forEach(DurableReader::start);
        if (settings.sync()) {
            drain.start();
            tail.start();
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (settings.sync()) {
            tail.close();
            drain.close();
        }
        readers.forEach(DurableReader::close);
        pruner.close();
        held.close();
        feed.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return BEFORE_THE_WEB_SERVER;
    }
}
