package dev.lockstep.server.demo;

import dev.lockstep.embedded.EmbeddedPostgres;
import dev.lockstep.embedded.EmbeddedPostgresSettings;
import dev.lockstep.embedded.PostgresProblem;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedded PostgreSQL that comes back by itself, on the same port, when somebody kills it: whoever has connections
 * only has to make new ones. It is for the demo; a real database has its own keepers.
 */
public final class KeptPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptPostgres.class);
    private static final long LOOK_EVERY_MILLIS = 500;

    private final EmbeddedPostgresSettings settings;
    private final Thread keeper =
            Thread.ofPlatform().daemon().name("lockstep-postgres").unstarted(this::keep);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    /** Replaced when it has died; guarded by the lock. */
    private EmbeddedPostgres server;

    private boolean closed;

    private KeptPostgres(EmbeddedPostgresSettings settings, EmbeddedPostgres server) {
        this.settings = settings;
        this.server = server;
    }

    /**
     * Starts the server and looks after it until closed.
     *
     * @throws PostgresProblem when the first start fails
     */
    static KeptPostgres start(EmbeddedPostgresSettings settings) {
        EmbeddedPostgres first = EmbeddedPostgres.start(settings);
        KeptPostgres kept = new KeptPostgres(settings.withPort(first.port()), first);
        kept.keeper.start();
        return kept;
    }

    private void keep() {
        lock.lock();
        try {
            while (!closed) {
                if (!server.isRunning()) {
                    bringBack();
                }
                boolean woken = closing.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                LOG.trace("looked after PostgreSQL, closing: {}", woken);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void bringBack() {
        LOG.warn("PostgreSQL has died; it is started again on port {}", settings.port());
        try {
            server.close();
            server = EmbeddedPostgres.start(settings);
        } catch (PostgresProblem e) {
            LOG.warn("PostgreSQL did not come back ({}); the next try follows", e.getMessage());
        }
    }

    /** The address, without user and password; the same for as long as this lives. */
    public String jdbcUrl() {
        return current().jdbcUrl();
    }

    public String username() {
        return current().username();
    }

    public String password() {
        return current().password();
    }

    /** The process of the server that runs now. */
    public long pid() {
        return current().pid();
    }

    private EmbeddedPostgres current() {
        lock.lock();
        try {
            return server;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
            server.close();
        } finally {
            lock.unlock();
        }
    }
}
