package dev.lockstep.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network to a port of this machine that can be cut: connections break, and new ones do too until it is mended. */
final class CutRelay implements AutoCloseable {
    private final ServerSocket near = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    CutRelay(int port) throws IOException {
        this.port = port;
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    int port() {
        return near.getLocalPort();
    }

    void cut() {
        cut = true;
        open.forEach(CutRelay::end);
    }

    void mend() {
        cut = false;
    }

    private void accept() {
        while (!near.isClosed()) {
            try {
                carry(near.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void carry(Socket from) throws IOException {
        open.add(from);
        if (cut) {
            end(from);
            return;
        }
        Socket to = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(to);
        Thread.ofVirtual().start(() -> copy(from, to));
        Thread.ofVirtual().start(() -> copy(to, from));
        if (cut) {
            end(from);
            end(to);
        }
    }

    private void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException broken) {
            end(from);
        } finally {
            end(from);
            end(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            throw new java.io.UncheckedIOException(gone);
        }
    }

    @Override
    public void close() throws IOException {
        near.close();
        open.forEach(CutRelay::end);
    }
}
