package dev.lockstep.audit;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret that makes the chain unforgeable for whoever can write the table but does not hold it. */
public final class AuditKey {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_BYTES = 32;

    private final SecretKeySpec key;

    /**
     * @param bytes at least 32 random bytes; changing them makes every earlier row unverifiable
     * @throws IllegalArgumentException when there are fewer
     */
    public AuditKey(byte[] bytes) {
        if (bytes.length < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "The audit key has %d bytes; give at least %d random ones.".formatted(bytes.length, LEAST_BYTES));
        }
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    byte[] mac(byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(message);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM + ".", e);
        }
    }

    @Override
    public String toString() {
        return "AuditKey[redacted]";
    }
}
