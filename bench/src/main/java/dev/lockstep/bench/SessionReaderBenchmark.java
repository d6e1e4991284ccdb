package dev.lockstep.bench;

import dev.lockstep.session.Revocations;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.SessionReader;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.SigningKeys;
import dev.lockstep.session.token.TokenSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one session check costs in the library alone, when the cookie is met for the first time and when it is known. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SessionReaderBenchmark {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z"));

    private final List<String> cookie;
    private final SessionReader remembering;
    private final SessionReader forgetful;

    public SessionReaderBenchmark() {
        MadeSession made = MadeSession.at(CLOCK, Duration.ofMinutes(5));
        cookie = List.of(made.sealed());
        var verifier = new AccessTokenVerifier(
                new SigningKeys(made::jwks, CLOCK),
                TokenSettings.of(MadeSession.CLIENT, List.of(MadeSession.ISSUER)),
                CLOCK);
        var sealer = MadeSession.sealer(CLOCK);
        var revocations = new Revocations(CLOCK);
        var defaults = SessionReader.Settings.DEFAULT;
        remembering = new SessionReader(sealer, verifier, revocations, defaults, CLOCK);
        forgetful = new SessionReader(
                sealer, verifier, revocations, new SessionReader.Settings(defaults.refreshWindow(), 0), CLOCK);
        if (!(remembering.read(cookie) instanceof SessionOutcome.Valid)) {
            throw new IllegalStateException("the benchmark's own cookie is not valid");
        }
    }

    /** Unseal, check the signature, judge. */
    @Benchmark
    public SessionOutcome firstSight() {
        return forgetful.read(cookie);
    }

    /** Look up, judge by time and revocation. */
    @Benchmark
    public SessionOutcome seenBefore() {
        return remembering.read(cookie);
    }
}
