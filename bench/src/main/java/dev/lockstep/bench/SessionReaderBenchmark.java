package dev.lockstep.bench;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.lockstep.session.CookieSettings;
import dev.lockstep.session.Revocations;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.SessionReader;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.SealOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.SigningKeys;
import dev.lockstep.session.token.TokenSettings;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
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
    private static final String CLIENT = "client_bench";
    private static final String ISSUER = "https://api.workos.com";
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z"));

    private final List<String> cookie;
    private final SessionReader remembering;
    private final SessionReader forgetful;

    public SessionReaderBenchmark() {
        CookieKeys passwords = CookieKeys.of(List.of("bench-cookie-password-of-more-than-32-chars"));
        var sealer = new SessionSealer(
                passwords, CookieSettings.DEFAULT_NAME, CookieSettings.DEFAULT_MAX_AGE, CLOCK, new SecureRandom());
        RSAKey key = key();
        String document = new JWKSet(key.toPublicJWK()).toString();
        var verifier = new AccessTokenVerifier(
                new SigningKeys(() -> document, CLOCK), TokenSettings.of(CLIENT, List.of(ISSUER)), CLOCK);
        var revocations = new Revocations(CLOCK);
        var defaults = SessionReader.Settings.DEFAULT;
        cookie = List.of(sealed(sealer, token(key)));
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

    private static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).keyID("key_1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String token(RSAKey key) {
        var claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject("user_01BENCH00000000000000000000")
                .claim("sid", "session_01BENCH00000000000000000000")
                .claim("org_id", "org_01BENCH00000000000000000000")
                .claim("role", "admin")
                .claim("permissions", List.of("widgets:users-table:manage", "projects:read", "projects:write"))
                .issueTime(Date.from(CLOCK.instant()))
                .expirationTime(Date.from(CLOCK.instant().plusSeconds(300)))
                .build();
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key_1").build(), claims);
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    private static String sealed(SessionSealer sealer, String token) {
        UserJson user = UserJson.parse("""
                {"object":"user","id":"user_01BENCH00000000000000000000","email":"bench@bench.test",\
                "emailVerified":true,"firstName":"Bench","lastName":"Mark","createdAt":"2026-01-02T03:04:05.000Z"}""").orElseThrow();
        var session = new SealedSession(token, "refresh_token_of_the_bench", user, null, "Password", null);
        return switch (sealer.seal(session)) {
            case SealOutcome.Sealed fits -> fits.value();
            case SealOutcome.TooBig big -> throw new IllegalStateException("the benchmark's session is too big");
        };
    }
}
