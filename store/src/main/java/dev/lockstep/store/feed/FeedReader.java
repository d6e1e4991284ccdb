package dev.lockstep.store.feed;

import dev.lockstep.store.Database;
import dev.lockstep.store.PatientConnections;
import dev.lockstep.store.StoreException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * One node's reader of the change feed: ticks when somebody rings or polling finds that something was committed, and
 * tells its listeners in memory. It survives any outage of the database. It never writes to watched tables, and it is
 * not for work that must happen exactly once; that is {@link DurableReader}.
 */
public final class FeedReader implements Doorbell, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);
    private static final long LONGEST_WAIT_SECONDS = 1;
    /** A server that has not answered for so long may be cut off; a busy one is given more time after each failure. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int MOST_DOUBLINGS = 3;

    private final FeedSettings settings;
    private final PatientConnections connections;
    private final NodeRegister nodes;
    private final Ticker ticker;
    private final Bell bell = new Bell();
    private final WakeUp wakeUp;
    private final Thread thread;
    private boolean started;
    private int failures;
    private long lastHeartbeat;
    /** When the database answered for the last time. */
    private volatile long lastLook = System.nanoTime();

    /**
     * @param direct direct connections: a transaction-mode pooler in between breaks LISTEN. One is kept for listening
     * @param node tells this node from the others; a new one for each start
     * @param settings how often it looks
     */
    public FeedReader(DataSource direct, UUID node, FeedSettings settings) {
        this.connections = new PatientConnections(direct, PATIENCE);
        Database database = new Database(connections);
        this.settings = settings;
        this.nodes = new NodeRegister(database, node);
        this.ticker = new Ticker(database, nodes, Ticker.MOST_TOLD);
        this.wakeUp = new WakeUp(connections, node, settings.spacing(), bell);
        this.thread = Thread.ofPlatform().daemon().name("lockstep-feed").unstarted(this::run);
    }

    /** A listener added after the start gets its first tick soon. Thread-safe. */
    public void addListener(FeedListener listener) {
        ticker.add(listener);
        bell.ring();
    }

    /** Starts the threads; call once. */
    public synchronized void start() {
        started = true;
        thread.start();
        wakeUp.start();
    }

    /**
     * How long ago the database was looked at for the last time, be it that nothing had changed. It grows beyond a second
     * or two only when the database is out of reach, or before the start. Thread-safe.
     */
    public Duration sinceLook() {
        return Duration.ofNanos(System.nanoTime() - lastLook);
    }

    /** Asks for a tick on this node only, when nothing was committed that others need to see. Thread-safe. */
    public void ringHere() {
        bell.ring();
    }

    /** Asks for a tick here and on every other node, even when nothing changed here. Returns at once. Thread-safe. */
    @Override
    public void ring() {
        bell.ring();
        wakeUp.others();
    }

    /** Ends the threads after the tick that is under way. No listener is called afterwards. */
    @Override
    public synchronized void close() {
        bell.close();
        if (!started) {
            return;
        }
        started = false;
        try {
            wakeUp.close();
            thread.join();
            nodes.leave();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DataAccessException e) {
            LOG.debug("FEED_LEFT_SILENTLY The log is kept for this node until its silence is noticed.", e);
        }
    }

    private void run() {
        boolean rung = true;
        lastHeartbeat = System.nanoTime();
        while (!bell.isClosed()) {
            long began = System.nanoTime();
            boolean ticked = look(rung);
            beat();
            if (ticked) {
                bell.pause(settings.spacing().toNanos() - (System.nanoTime() - began));
            }
            rung = bell.await(
                    failures == 0
                            ? settings.poll().toNanos()
                            : Bell.backoff(settings.poll().toNanos(), failures, LONGEST_WAIT_SECONDS));
        }
    }

    private boolean look(boolean rung) {
        try {
            boolean ticked = true;
            if (rung || failures > 0) {
                ticker.tick();
            } else {
                ticked = ticker.tickIfMoved();
            }
            lastLook = System.nanoTime();
            if (failures > 0) {
                LOG.info("FEED_RESUMED The database is back after {} failed attempts.", failures);
                failures = 0;
                connections.allow(PATIENCE);
            }
            return ticked;
        } catch (DataAccessException | StoreException e) {
            failed(e);
            return false;
        } catch (RuntimeException | Error e) {
            LOG.error("FEED_STEP_FAILED A step of the feed failed; the next one follows.", e);
            failed(e);
            return false;
        }
    }

    private void failed(Throwable cause) {
        if (bell.isClosed()) {
            return;
        }
        failures++;
        connections.allow(PATIENCE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS)));
        if (failures == 1) {
            LOG.warn("FEED_LOST The database cannot be read; trying again until it can.", cause);
            ticker.lost();
        }
    }

    private void beat() {
        if (failures == 0
                && System.nanoTime() - lastHeartbeat >= settings.heartbeat().toNanos()) {
            lastHeartbeat = System.nanoTime();
            try {
                ticker.heartbeat();
            } catch (DataAccessException e) {
                LOG.debug("FEED_HEARTBEAT_LOST The next one follows in {}.", duration(settings.heartbeat()), e);
            }
        }
    }

    private static String duration(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
