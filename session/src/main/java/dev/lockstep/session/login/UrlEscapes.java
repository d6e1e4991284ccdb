package dev.lockstep.session.login;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Escapes what a browser escapes in each part of an address; what is escaped already stays as it is. */
final class UrlEscapes {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String IN_PATH = " \"#<>?`{}^";
    private static final String IN_QUERY = " \"#<>'";
    private static final String IN_FRAGMENT = " \"<>`";

    private UrlEscapes() {}

    static String path(String text) {
        return escaped(text, IN_PATH);
    }

    static String query(String text) {
        return escaped(text, IN_QUERY);
    }

    static String fragment(String text) {
        return escaped(text, IN_FRAGMENT);
    }

    private static String escaped(String text, String special) {
        var result = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            boolean plain = point > 0x1f && point < 0x7f && special.indexOf(point) < 0;
            if (plain) {
                result.appendCodePoint(point);
                return;
            }
            boolean half = Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE;
            String whole = half ? "\uFFFD" : Character.toString(point);
            for (byte octet : whole.getBytes(StandardCharsets.UTF_8)) {
                result.append('%').append(HEX.toHexDigits(octet));
            }
        });
        return result.toString();
    }
}
