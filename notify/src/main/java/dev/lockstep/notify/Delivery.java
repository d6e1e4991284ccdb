package dev.lockstep.notify;

import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Takes due notifications to their channels, with a few attempts each. Any number of nodes may run it; a notification
 * is held by one at a time, under a lease, and no transaction is open while a channel works.
 */
public final class Delivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Database database;
    private final Notifications notifications;
    private final Map<ChannelKind, Channel> channels = new EnumMap<>(ChannelKind.class);
    private final DeliverySettings settings;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private boolean started;

    /** Two channels of one kind are refused. A kind without a channel stays PENDING until some node has one. */
    public Delivery(
            Database database, Notifications notifications, Collection<Channel> channels, DeliverySettings settings) {
        this.database = database;
        this.notifications = notifications;
        this.settings = settings;
        for (Channel channel : channels) {
            if (channel.kind() == ChannelKind.IN_APP || this.channels.put(channel.kind(), channel) != null) {
                throw new IllegalArgumentException(
                        "One channel for each kind but IN_APP, which needs none; " + channel.kind() + " is too many.");
            }
        }
        this.thread = Thread.ofVirtual().name("lockstep-deliver").unstarted(this::run);
    }

    /** Takes one batch of due ones to their channels; returns how many there were. */
    public int runOnce() {
        if (channels.isEmpty()) {
            return 0;
        }
        List<Notifications.Claimed> due =
                database.write(tx -> notifications.claim(tx, channels.keySet(), settings.lease(), settings.batch()));
        for (Notifications.Claimed claimed : due) {
            settle(claimed, attempt(claimed));
        }
        return due.size();
    }

    /** Starts the thread; call once. */
    public synchronized void start() {
        started = true;
        thread.start();
    }

    /** Ends the thread after the batch that is under way. */
    @Override
    public synchronized void close() {
        closed.countDown();
        if (started) {
            started = false;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Channel.Outcome attempt(Notifications.Claimed claimed) {
        Channel channel = channels.get(claimed.channel());
        if (channel == null || claimed.attempts() > settings.attempts()) {
            // The last attempt began on a node that never said how it ended.
            return new Channel.Outcome.Refused("LEASE_EXPIRED");
        }
        try {
            return channel.deliver(new Channel.Message(
                    claimed.id(), new UserId(claimed.reader()), claimed.subject(), claimed.message()));
        } catch (RuntimeException e) {
            return new Channel.Outcome.Again(e.getClass().getSimpleName());
        }
    }

    private void settle(Notifications.Claimed claimed, Channel.Outcome outcome) {
        boolean settled = database.write(tx -> switch (outcome) {
            case Channel.Outcome.Delivered delivered -> notifications.sent(tx, claimed);
            case Channel.Outcome.Refused refused -> {
                giveUp(claimed, refused.code());
                yield notifications.failed(tx, claimed, refused.code());
            }
            case Channel.Outcome.Again again
            when claimed.attempts() >= settings.attempts() -> {
                giveUp(claimed, again.code());
                yield notifications.failed(tx, claimed, again.code());
            }
            case Channel.Outcome.Again again ->
                notifications.again(tx, claimed, again.code(), settings.waitAfter(claimed.attempts()));
        });
        if (!settled) {
            LOG.warn("NOTIFY_LEASE_LOST {} took longer than {}; another node has it.", claimed.id(), settings.lease());
        }
    }

    private void giveUp(Notifications.Claimed claimed, String code) {
        LOG.warn(
                "NOTIFY_FAILED {} by {} after attempt {} of {}: {}. Release it once the cause is repaired.",
                claimed.id(),
                claimed.channel(),
                claimed.attempts(),
                settings.attempts(),
                code);
    }

    private void run() {
        try {
            while (closed.getCount() > 0) {
                if (batch() < settings.batch()) {
                    closed.await(settings.poll().toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int batch() {
        try {
            return runOnce();
        } catch (DataAccessException e) {
            LOG.debug("NOTIFY_WAITS No database; the next look follows in {}.", settings.poll(), e);
            return 0;
        }
    }
}
