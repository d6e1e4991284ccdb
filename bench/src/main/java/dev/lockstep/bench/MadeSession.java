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
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.SealOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.sealing.UserJson;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;

/**
 * A session of an ordinary size for measurements, as WorkOS's libraries read it too. Prints no secret.
 *
 * @param sealed the value of the cookie
 * @param jwks the document with the key that signed its token
 */
record MadeSession(String sealed, String jwks) {
    static final String PASSWORD = "bench-cookie-password-of-more-than-32-chars";
    static final String CLIENT = "client_bench";
    static final String ISSUER = "https://api.workos.com";

    /** @param life how long its token is good from the clock's time on */
    static MadeSession at(InstantSource clock, Duration life) {
        RSAKey key = key();
        return new MadeSession(sealed(clock, token(key, clock, life)), new JWKSet(key.toPublicJWK()).toString());
    }

    static CookieKeys keys() {
        return CookieKeys.of(List.of(PASSWORD));
    }

    static SessionSealer sealer(InstantSource clock) {
        return new SessionSealer(
                keys(), CookieSettings.DEFAULT_NAME, CookieSettings.DEFAULT_MAX_AGE, clock, new SecureRandom());
    }

    private static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).keyID("key_1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String token(RSAKey key, InstantSource clock, Duration life) {
        var claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject("user_01BENCH00000000000000000000")
                .claim("sid", "session_01BENCH00000000000000000000")
                .claim("org_id", "org_01BENCH00000000000000000000")
                .claim("role", "admin")
                .claim("permissions", List.of("widgets:users-table:manage", "projects:read", "projects:write"))
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plus(life)))
                .build();
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key_1").build();
        var token = new SignedJWT(header, claims);
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    private static String sealed(InstantSource clock, String token) {
        UserJson user = UserJson.parse("""
                {"object":"user","id":"user_01BENCH00000000000000000000","email":"bench@bench.test",\
                "emailVerified":true,"firstName":"Bench","lastName":"Mark","createdAt":"2026-01-02T03:04:05.000Z"}""").orElseThrow();
        var session = new SealedSession(token, "refresh_token_of_the_bench", user, null, "Password", null);
        return switch (sealer(clock).seal(session)) {
            case SealOutcome.Sealed fits -> fits.value();
            case SealOutcome.TooBig big -> throw new IllegalStateException("the benchmark's session is too big");
        };
    }

    @Override
    public String toString() {
        return "MadeSession[" + sealed.length() + " characters]";
    }
}
