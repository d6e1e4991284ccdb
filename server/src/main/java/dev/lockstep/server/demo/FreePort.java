package dev.lockstep.server.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds a port of this machine that nobody listens on. */
public final class FreePort {
    private static final int TRIES = 100;

    private FreePort() {}

    /** Returns the wished port, or the next free one after it. */
    public static int from(int wished) {
        for (int port = wished; port < wished + TRIES; port++) {
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "None of the ports " + wished + " to " + (wished + TRIES - 1) + " is free; choose one with --port");
    }

    /** Returns any free port. */
    public static int any() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("This machine gives out no port", e);
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
