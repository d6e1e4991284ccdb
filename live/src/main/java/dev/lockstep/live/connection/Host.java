package dev.lockstep.live.connection;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.function.FunctionCalls;
import dev.lockstep.live.function.MutationRunner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** What a connection needs of the engine around it. Thread-safe. */
public interface Host {
    /** The connection wants to be served by the next tick. */
    void wake(LiveConnection connection);

    /** The same, a little later. */
    void wakeLater(LiveConnection connection, Duration delay);

    /** The connection is over. */
    void gone(LiveConnection connection);

    /** The connection speaks for this caller from now on; false when that session has too many sockets already. */
    boolean speaksFor(LiveConnection connection, Caller caller);

    /** Grows with every revocation: a token that was checked before one must be checked again. */
    long revocations();

    /** Decides whom tokens speak for. */
    CallerAuthority authority();

    /** Runs actions. */
    FunctionCalls calls();

    /** Runs mutations. */
    MutationRunner mutations();

    /** Runs what may block, each on a thread of its own. */
    Executor executor();

    /** The wall clock. */
    InstantSource clock();

    /** For what must differ between sockets. */
    RandomGenerator random();
}
