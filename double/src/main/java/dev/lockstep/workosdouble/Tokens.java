package dev.lockstep.workosdouble;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Signs access tokens with the house's one RSA key and shows its public half. */
final class Tokens {
    private static final int KEY_BITS = 2048;

    private final RSAKey key;
    private final JWSSigner signer;
    private final String issuer;
    private final String clientId;
    private final Duration life;

    Tokens(House house, String issuer, DoubleSettings settings) {
        try {
            this.key = RSAKey.parse(house.signingKey());
            this.signer = new RSASSASigner(key);
        } catch (ParseException | JOSEException e) {
            throw new DoubleException("DOUBLE_KEY_UNREADABLE", "the kept signing key cannot be read", e);
        }
        this.issuer = issuer;
        this.clientId = house.clientId();
        this.life = settings.tokenLife();
    }

    static String newSigningKey(String keyId) {
        try {
            return new RSAKeyGenerator(KEY_BITS)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyID(keyId)
                    .generate()
                    .toJSONString();
        } catch (JOSEException e) {
            throw new DoubleException("DOUBLE_KEY_UNMAKEABLE", "this JVM cannot make an RSA key", e);
        }
    }

    /** The key set as JSON, public halves only. */
    String jwks() {
        return new JWKSet(key.toPublicJWK()).toString();
    }

    /** @param permissions what the member's role permits */
    String accessToken(
            SessionRecord session,
            Optional<MembershipRecord> membership,
            List<String> permissions,
            String tokenId,
            Instant now) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(session.userId().value())
                .claim("client_id", clientId)
                .claim("sid", session.id().value())
                .jwtID(tokenId)
                .claim("iat", now.getEpochSecond())
                .claim("exp", now.plus(life).getEpochSecond())
                .claim("auth_time", session.createdAt().getEpochSecond());
        membership.ifPresent(
                member -> claims.claim("org_id", member.organizationId().value())
                        .claim("role", member.role().value())
                        .claim("roles", List.of(member.role().value()))
                        .claim("permissions", permissions));
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(key.getKeyID())
                .type(JOSEObjectType.JWT)
                .build();
        SignedJWT token = new SignedJWT(header, claims.build());
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new DoubleException("DOUBLE_KEY_UNUSABLE", "the signing key does not sign", e);
        }
        return token.serialize();
    }
}
