package dev.lockstep.session.kit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** Makes access tokens the way WorkOS does, and every wrong way a test asks for. */
public final class TokenMint {
    public static final String ISSUER = "https://api.workos.com";
    public static final String CLIENT = "client_test";

    private static final JsonMapper JSON = new JsonMapper();

    private final String keyId;
    private final KeyPair pair;

    private TokenMint(String keyId, KeyPair pair) {
        this.keyId = keyId;
        this.pair = pair;
    }

    public static TokenMint withKey(String keyId) {
        return withKey(keyId, 2048);
    }

    public static TokenMint withKey(String keyId, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new TokenMint(keyId, generator.generateKeyPair());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The key document with this mint's key and those of others. */
    public String document(TokenMint... others) {
        var keys = new java.util.ArrayList<Map<String, Object>>();
        keys.add(jwk());
        for (TokenMint other : others) {
            keys.add(other.jwk());
        }
        return JSON.writeValueAsString(Map.of("keys", keys));
    }

    public Map<String, Object> jwk() {
        var key = new LinkedHashMap<String, Object>();
        key.put("kty", "RSA");
        key.put("alg", "RS256");
        key.put("use", "sig");
        key.put("kid", keyId);
        key.put("n", number(publicKey().getModulus()));
        key.put("e", number(publicKey().getPublicExponent()));
        return key;
    }

    public RSAPublicKey publicKey() {
        return (RSAPublicKey) pair.getPublic();
    }

    /** A token for {@code user_1} in {@code session_1}, made now, good for five minutes. */
    public String token(Instant now) {
        return token(now, claims -> {});
    }

    public String token(Instant now, Consumer<Map<String, Object>> change) {
        Map<String, Object> claims = claims(now);
        change.accept(claims);
        return sign(header(), claims);
    }

    public Map<String, Object> header() {
        return new LinkedHashMap<>(Map.of("alg", "RS256", "kid", keyId));
    }

    public static Map<String, Object> claims(Instant now) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", ISSUER);
        claims.put("sub", "user_1");
        claims.put("sid", "session_1");
        claims.put("jti", "01TEST");
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plusSeconds(300).getEpochSecond());
        return claims;
    }

    public String sign(Map<String, Object> header, Map<String, Object> claims) {
        return signText(JSON.writeValueAsString(header), JSON.writeValueAsString(claims));
    }

    public String signText(String header, String claims) {
        String signed = encode(header) + "." + encode(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encode(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return encode(bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }
}
