package dev.lockstep.session.sealing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The iron format {@code Fe26.2*1*salt*iv*ciphertext*expiry*salt*mac~2}: AES-256-CBC inside HMAC-SHA-256. Knows bytes
 * only, not what they mean. The suffix stands outside the MAC, so exactly {@code ~2} is read and nothing else.
 */
final class IronSeal {
    /** What becomes of a seal. */
    sealed interface Opening {}

    /**
     * It opened.
     *
     * @param content the plain bytes
     * @param oldKey whether another than the current key opened it
     * @param expiresAt when the seal runs out, or null if it never does
     */
    @SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
    record Opened(byte[] content, boolean oldKey, @Nullable Instant expiresAt) implements Opening {}

    /** It has run out. Whether it was authentic was not looked at. */
    record Expired() implements Opening {}

    /** It does not open. */
    record Broken(SealFault fault) implements Opening {}

    static final int LONGEST = 8192;
    /** Characters of a seal around the ciphertext, without an expiry. */
    static final int OVERHEAD = 209;
    /** Digits of an expiry for the next two centuries. */
    static final int EXPIRY_DIGITS = 13;

    private static final String PREFIX = "Fe26.2";
    private static final String KEY_ID = "1";
    private static final String SUFFIX = "~2";
    private static final int PARTS = 8;
    private static final long SKEW_MILLIS = 60_000;
    private static final int SALT_BYTES = 32;
    private static final int BLOCK_BYTES = 16;
    private static final int LONGEST_EXPIRY = 15;

    private IronSeal() {}

    static String seal(byte[] content, byte[] secret, @Nullable Instant expiresAt, SecureRandom random) {
        String salt = hexSalt(random);
        byte[] iv = new byte[BLOCK_BYTES];
        random.nextBytes(iv);
        byte[] ciphertext = aes(Cipher.ENCRYPT_MODE, Digests.pbkdf2OneRound(secret, salt), iv, content);
        String signed = String.join(
                "*",
                PREFIX,
                KEY_ID,
                salt,
                encode(iv),
                encode(ciphertext),
                expiresAt == null ? "" : Long.toString(expiresAt.toEpochMilli()));
        String macSalt = hexSalt(random);
        return signed + "*" + macSalt + "*" + mac(secret, macSalt, signed) + SUFFIX;
    }

    static Opening open(String sealed, List<byte[]> secrets, Instant now) {
        if (sealed.length() > LONGEST) {
            return new Broken(SealFault.TOO_LONG);
        }
        if (!sealed.endsWith(SUFFIX)) {
            return new Broken(SealFault.SUFFIX);
        }
        String body = sealed.substring(0, sealed.length() - SUFFIX.length());
        String[] parts = body.split("\\*", -1);
        if (parts.length != PARTS) {
            return new Broken(SealFault.COMPONENTS);
        }
        if (!parts[0].equals(PREFIX)) {
            return new Broken(SealFault.PREFIX);
        }
        Instant expiresAt = null;
        if (!parts[5].isEmpty()) {
            if (!isExpiry(parts[5])) {
                return new Broken(SealFault.EXPIRATION);
            }
            expiresAt = Instant.ofEpochMilli(Long.parseLong(parts[5]));
            if (!expiresAt.isAfter(now.minusMillis(SKEW_MILLIS))) {
                return new Expired();
            }
        }
        if (!parts[1].equals(KEY_ID)) {
            return new Broken(SealFault.KEY_ID);
        }
        String signed = body.substring(0, body.length() - parts[6].length() - parts[7].length() - 2);
        return openWithAny(parts, signed, expiresAt, secrets);
    }

    private static Opening openWithAny(
            String[] parts, String signed, @Nullable Instant expiresAt, List<byte[]> secrets) {
        byte[] claimed = parts[7].getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < secrets.size(); i++) {
            byte[] secret = secrets.get(i);
            byte[] expected = mac(secret, parts[6], signed).getBytes(StandardCharsets.US_ASCII);
            if (MessageDigest.isEqual(expected, claimed)) {
                return decrypt(parts, secret, i > 0, expiresAt);
            }
        }
        return new Broken(SealFault.INTEGRITY);
    }

    private static Opening decrypt(String[] parts, byte[] secret, boolean oldKey, @Nullable Instant expiresAt) {
        try {
            byte[] iv = Base64.getUrlDecoder().decode(parts[3]);
            byte[] ciphertext = Base64.getUrlDecoder().decode(parts[4]);
            byte[] content = aes(Cipher.DECRYPT_MODE, Digests.pbkdf2OneRound(secret, parts[2]), iv, ciphertext);
            return new Opened(content, oldKey, expiresAt);
        } catch (IllegalArgumentException notBase64OrNotPadded) {
            return new Broken(SealFault.CIPHERTEXT);
        }
    }

    private static boolean isExpiry(String text) {
        return text.length() <= LONGEST_EXPIRY
                && text.charAt(0) != '0'
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String mac(byte[] secret, String salt, String signed) {
        byte[] key = Digests.pbkdf2OneRound(secret, salt);
        return encode(Digests.hmacSha256(key, signed.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] aes(int mode, byte[] key, byte[] iv, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException unfit) {
            throw new IllegalArgumentException("the bytes do not fit the cipher", unfit);
        }
    }

    private static String hexSalt(SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return HexFormat.of().formatHex(salt);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
