package dev.lockstep.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A wire to another address that breaks in the ways in which networks do: by holding everything back, by swallowing
 * everything without a word, and by refusing. Thread-safe.
 */
public final class CutWire implements AutoCloseable {
    private static final int CHUNK = 8192;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final String host;
    private final int port;
    private final Set<Strand> strands = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.WHOLE;

    private enum State {
        WHOLE,
        HOLDING,
        SWALLOWING,
        REFUSING
    }

    /** A wire on 127.0.0.1, whole at first, that ends at the given address. */
    public CutWire(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        Thread.ofVirtual().start(this::accept);
    }

    /** Where the near end is. */
    public int port() {
        return server.getLocalPort();
    }

    /** From now on nothing gets through, in either direction, and nobody is told. What is written meanwhile waits. */
    public void cut() {
        set(State.HOLDING);
    }

    /**
     * From now on everything is swallowed. The connections of this time stay open and dead for ever, also after
     * {@link #mend}: both ends find out by themselves or not at all.
     */
    public void swallow() {
        set(State.SWALLOWING);
        strands.forEach(strand -> strand.dead = true);
    }

    /** From now on every connection is broken at once, the open ones and new ones. */
    public void refuse() {
        set(State.REFUSING);
        strands.forEach(Strand::end);
    }

    /** Lets new connections through again. Those that were held back are broken; those that were swallowed stay dead. */
    public void mend() {
        boolean held = set(State.WHOLE) == State.HOLDING;
        if (held) {
            strands.stream().filter(strand -> !strand.dead).forEach(Strand::end);
        }
    }

    /** Ends all connections and the wire itself. */
    @Override
    public void close() throws IOException {
        server.close();
        strands.forEach(strand -> strand.dead = true);
        set(State.REFUSING);
        strands.forEach(Strand::end);
    }

    private State set(State next) {
        lock.lock();
        try {
            State before = state;
            state = next;
            changed.signalAll();
            return before;
        } finally {
            lock.unlock();
        }
    }

    private State awaitMoving() throws InterruptedException {
        lock.lock();
        try {
            while (state == State.HOLDING) {
                changed.await();
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Thread.ofVirtual().start(() -> join(near));
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private void join(Socket near) {
        try {
            switch (awaitMoving()) {
                case WHOLE -> begin(new Strand(near, new Socket(host, port)));
                case SWALLOWING -> begin(new Strand(near, null));
                case REFUSING, HOLDING -> near.close();
            }
        } catch (IOException | InterruptedException e) {
            quietly(near);
        }
    }

    private void begin(Strand strand) {
        strands.add(strand);
        Socket far = strand.far;
        if (far != null) {
            Thread.ofVirtual().start(() -> pump(strand, strand.near, far));
            Thread.ofVirtual().start(() -> pump(strand, far, strand.near));
        }
    }

    private void pump(Strand strand, Socket from, Socket to) {
        byte[] bytes = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (awaitMoving() == State.SWALLOWING) {
                    strand.dead = true;
                }
                if (!strand.dead) {
                    out.write(bytes, 0, read);
                }
            }
        } catch (IOException | InterruptedException e) {
            // The other direction ends with this one.
        } finally {
            if (!strand.dead) {
                strand.end();
            }
        }
    }

    /** One connection through the wire; without a far end when it was made while everything was swallowed. */
    private final class Strand {
        private final Socket near;
        private final @Nullable Socket far;
        /** Goes true once: nothing gets through any more, and no end of it is told. */
        private volatile boolean dead;

        Strand(Socket near, @Nullable Socket far) {
            this.near = near;
            this.far = far;
            this.dead = far == null;
        }

        void end() {
            strands.remove(this);
            quietly(near);
            if (far != null) {
                quietly(far);
            }
        }
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
