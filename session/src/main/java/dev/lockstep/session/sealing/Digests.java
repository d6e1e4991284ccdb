package dev.lockstep.session.sealing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keyed digests of the seal. Stateless; every one of them is in each Java runtime. */
final class Digests {
    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};
    private static final byte[] SECOND_BLOCK = {0, 0, 0, 2};
    private static final int SHA1_BYTES = 20;
    private static final int KEY_BYTES = 32;

    private Digests() {}

    static byte[] hmacSha256(byte[] key, byte[] message) {
        return mac("HmacSHA256", key).doFinal(message);
    }

    /**
     * PBKDF2 with HMAC-SHA-1, one round, 256 bits. With a single round it is two plain HMACs, which spares the JDK's
     * key factory: the salt is the hex text itself, not the bytes it spells.
     */
    static byte[] pbkdf2OneRound(byte[] password, String salt) {
        byte[] saltBytes = salt.getBytes(StandardCharsets.UTF_8);
        Mac mac = mac("HmacSHA1", password);
        mac.update(saltBytes);
        byte[] key = Arrays.copyOf(mac.doFinal(FIRST_BLOCK), KEY_BYTES);
        mac.update(saltBytes);
        System.arraycopy(mac.doFinal(SECOND_BLOCK), 0, key, SHA1_BYTES, KEY_BYTES - SHA1_BYTES);
        return key;
    }

    private static Mac mac(String algorithm, byte[] key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java runtime has no " + algorithm, impossible);
        }
    }
}
