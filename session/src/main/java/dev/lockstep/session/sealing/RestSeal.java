package dev.lockstep.session.sealing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what is kept in a table: AES-256-GCM under keys derived from the cookie passwords, bound to the row it stands
 * in, so that a row copied to another place does not open. Knows no end; the table does. Safe for any number of threads.
 */
public final class RestSeal {
    private static final byte VERSION = 1;
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int SHORTEST = 1 + IV_BYTES + TAG_BITS / 8;

    private final List<SecretKeySpec> keys;
    private final SecureRandom random;

    /**
     * @param keys the cookie passwords, current first; the purpose's own keys are derived from them
     * @param purpose a constant that names the table
     */
    public RestSeal(CookieKeys keys, String purpose, SecureRandom random) {
        var derived = new ArrayList<SecretKeySpec>();
        for (byte[] hex : keys.derivedFor("rest/" + purpose).secrets()) {
            byte[] key = HexFormat.of().parseHex(new String(hex, StandardCharsets.US_ASCII));
            derived.add(new SecretKeySpec(key, "AES"));
        }
        this.keys = List.copyOf(derived);
        this.random = random;
    }

    /**
     * What was opened.
     *
     * @param oldKey whether another than the current key sealed it
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
    public record Opened(byte[] content, boolean oldKey) {
        @Override
        public String toString() {
            return "Opened[oldKey=" + oldKey + "]";
        }
    }

    /** Seals content for the row that {@code place} names. */
    public byte[] seal(byte[] content, String place) {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, keys.getFirst(), iv, place).doFinal(content);
            return ByteBuffer.allocate(1 + IV_BYTES + sealed.length)
                    .put(VERSION)
                    .put(iv)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java runtime cannot encrypt with AES-GCM", impossible);
        }
    }

    /** Opens what {@link #seal} made for the same place; nothing if none of the keys did. */
    public Optional<Opened> open(byte[] sealed, String place) {
        if (sealed.length < SHORTEST || sealed[0] != VERSION) {
            return Optional.empty();
        }
        byte[] iv = new byte[IV_BYTES];
        System.arraycopy(sealed, 1, iv, 0, IV_BYTES);
        for (int i = 0; i < keys.size(); i++) {
            try {
                byte[] content = cipher(Cipher.DECRYPT_MODE, keys.get(i), iv, place)
                        .doFinal(sealed, 1 + IV_BYTES, sealed.length - 1 - IV_BYTES);
                return Optional.of(new Opened(content, i > 0));
            } catch (GeneralSecurityException anotherKey) {
                // the next one may open it
            }
        }
        return Optional.empty();
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] iv, String place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
