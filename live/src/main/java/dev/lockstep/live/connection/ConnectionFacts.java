package dev.lockstep.live.connection;

/**
 * What is known about a socket from its handshake; none of it says who the caller is.
 *
 * @param clientVersion the version in the path or header, such as {@code 1.48.0} or {@code npm-1.48.0}
 */
public record ConnectionFacts(String clientVersion) {}
