package dev.lockstep.sync.projection;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a tenant in addresses: a legal DNS label from the name of the organization and a suffix from its id, so
 * that two tenants never want the same one and none can pose as {@code www}.
 */
final class TenantSlug {
    /** The suffixes to try, shortest first; the last one is as good as unique. */
    static final int[] SUFFIXES = {6, 12, 24};

    private static final int LONGEST_LABEL = 63;
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern OTHERS = Pattern.compile("[^a-z0-9]+");
    private static final Pattern ENDS = Pattern.compile("^-|-$");

    private TenantSlug() {}

    /**
     * @param name as people write it, in any script, possibly empty
     * @param organization the id
     * @param suffix how many characters to take from the id's hash
     */
    static String of(String name, String organization, int suffix) {
        String plain =
                MARKS.matcher(Normalizer.normalize(name, Normalizer.Form.NFKD)).replaceAll("");
        String words = ends(OTHERS.matcher(plain.toLowerCase(Locale.ROOT)).replaceAll("-"));
        int room = LONGEST_LABEL - 1 - suffix;
        String start = ends(words.length() <= room ? words : words.substring(0, room));
        return (start.isEmpty() ? "org" : start) + "-" + hash(organization).substring(0, suffix);
    }

    private static String ends(String text) {
        return ENDS.matcher(text).replaceAll("");
    }

    private static String hash(String organization) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(organization.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
