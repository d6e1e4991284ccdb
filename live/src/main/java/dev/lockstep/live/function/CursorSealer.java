package dev.lockstep.live.function;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals cursors: AES-256-GCM with a nonce made from the content, so that the same place has the same text and an answer
 * that has not changed looks unchanged. What a cursor is good for is authenticated with it. Thread-safe.
 */
final class CursorSealer {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int LONGEST = 8192;

    private record Keys(SecretKeySpec nonce, SecretKeySpec seal) {}

    private final List<Keys> keys;

    /** The first secret seals, all of them open. */
    CursorSealer(List<byte[]> secrets) {
        this.keys = secrets.stream()
                .map(secret -> new Keys(derived(secret, "nonce", "HmacSHA256"), derived(secret, "seal", "AES")))
                .toList();
    }

    String seal(String content, String purpose) {
        Keys first = keys.getFirst();
        byte[] plain = content.getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(first.nonce);
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            byte[] nonce = Arrays.copyOf(mac.doFinal(plain), NONCE);
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, first, nonce, purpose).doFinal(plain);
            byte[] whole = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, whole, NONCE, sealed.length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no AES-GCM", e);
        }
    }

    /** Empty when the text was not sealed here, or for another purpose. */
    Optional<String> open(String text, String purpose) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (whole.length <= NONCE) {
            return Optional.empty();
        }
        return keys.stream()
                .flatMap(each -> open(whole, each, purpose).stream())
                .findFirst();
    }

    private static Optional<String> open(byte[] whole, Keys keys, String purpose) {
        try {
            byte[] nonce = Arrays.copyOf(whole, NONCE);
            byte[] plain =
                    cipher(Cipher.DECRYPT_MODE, keys, nonce, purpose).doFinal(whole, NONCE, whole.length - NONCE);
            return Optional.of(new String(plain, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, Keys keys, byte[] nonce, String purpose) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, keys.seal, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static SecretKeySpec derived(byte[] secret, String use, String algorithm) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return new SecretKeySpec(
                    mac.doFinal(("lockstep live cursor " + use).getBytes(StandardCharsets.UTF_8)), algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no HMAC-SHA256", e);
        }
    }
}
