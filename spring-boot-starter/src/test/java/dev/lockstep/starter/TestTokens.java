package dev.lockstep.starter;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.SigningKeys;
import dev.lockstep.session.token.TokenSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Access tokens as WorkOS signs them, under a key of this test run. */
public final class TestTokens {
    private static final String ISSUER = "https://api.workos.com";
    private static final String CLIENT = "client_test";

    private final RSAKey key;

    public TestTokens() {
        try {
            this.key = new RSAKeyGenerator(2048)
                    .keyID("key_1")
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public AccessTokenVerifier verifier(InstantSource clock) {
        String document = new JWKSet(key.toPublicJWK()).toString();
        return new AccessTokenVerifier(
                new SigningKeys(() -> document, clock), TokenSettings.of(CLIENT, List.of(ISSUER)), clock);
    }

    public String token(String user, String session, Instant issuedAt, Map<String, ?> claims) {
        var set = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(user)
                .claim("client_id", CLIENT)
                .claim("sid", session)
                .claim("iat", issuedAt.getEpochSecond())
                .claim("exp", issuedAt.getEpochSecond() + 300);
        claims.forEach(set::claim);
        try {
            var jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key_1").build(), set.build());
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
