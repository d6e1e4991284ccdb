package dev.lockstep.session.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The usable keys of one key document: RSA of at least 2048 bits, meant for RS256 signatures, with an id. Immutable. */
final class KeySet {
    private static final int FEWEST_BITS = 2048;

    private final Map<String, RSAPublicKey> byId;

    private KeySet(Map<String, RSAPublicKey> byId) {
        this.byId = byId;
    }

    /** Returns the keys, or nothing if the document is malformed or holds no key we may use. */
    static Optional<KeySet> parse(String document) {
        var byId = new LinkedHashMap<String, RSAPublicKey>();
        try {
            for (JWK key : JWKSet.parse(document).getKeys()) {
                if (isUsable(key) && key instanceof RSAKey rsa) {
                    RSAPublicKey previous = byId.putIfAbsent(rsa.getKeyID(), rsa.toRSAPublicKey());
                    if (previous != null) {
                        return Optional.empty();
                    }
                }
            }
        } catch (ParseException | JOSEException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
        return byId.isEmpty() ? Optional.empty() : Optional.of(new KeySet(Map.copyOf(byId)));
    }

    /** Returns the key of that id; a token without an id is tried with the only key there is. */
    Optional<RSAPublicKey> find(@Nullable String keyId) {
        if (keyId == null) {
            return byId.size() == 1 ? byId.values().stream().findFirst() : Optional.empty();
        }
        return Optional.ofNullable(byId.get(keyId));
    }

    boolean sameAs(KeySet other) {
        return byId.equals(other.byId);
    }

    private static boolean isUsable(JWK key) {
        return key.getKeyID() != null
                && (key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse()))
                && (key.getAlgorithm() == null || JWSAlgorithm.RS256.equals(key.getAlgorithm()))
                && key.size() >= FEWEST_BITS;
    }
}
