package dev.lockstep.live.client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a client reaches its server.
 *
 * @param server where the server answers, such as {@code https://app.example.com}; asked before each socket, so that it may
 *     name another node each time
 * @param token gives the token of whoever the client speaks for, anew after the server has refused one; empty for nobody
 * @param silence how long the server may be silent before the socket counts as dead
 * @param patience the first wait before a new socket when the server names no other; doubled by each failure
 * @param longestPatience the longest wait
 */
public record LiveClientSettings(
        Supplier<URI> server,
        Supplier<Optional<String>> token,
        Duration silence,
        Duration patience,
        Duration longestPatience) {

    /** A client of one server that speaks for nobody. */
    public static LiveClientSettings of(URI server) {
        return new LiveClientSettings(
                () -> server, Optional::empty, Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofSeconds(16));
    }

    /** The same, speaking for whoever the token names. */
    public LiveClientSettings withToken(Supplier<Optional<String>> source) {
        return new LiveClientSettings(server, source, silence, patience, longestPatience);
    }

    /** The same with other waits. */
    public LiveClientSettings withPatience(Duration first, Duration longest) {
        return new LiveClientSettings(server, token, silence, first, longest);
    }
}
