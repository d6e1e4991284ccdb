package dev.lockstep.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes {@code Set-Cookie} values and reads {@code Cookie} headers. Values go out raw: nothing in a seal needs
 * escaping. Knows nothing of their content. Safe for any number of threads.
 */
public final class SessionCookies {
    private final CookieSettings settings;

    public SessionCookies(CookieSettings settings) {
        this.settings = settings;
    }

    /** One pair of a {@code Cookie} header. */
    public record Pair(String name, String value) {
        @Override
        public String toString() {
            return "Pair[" + name + "]";
        }
    }

    /** Returns what the cookies look like. */
    public CookieSettings settings() {
        return settings;
    }

    /** Returns the {@code Set-Cookie} value that keeps a session. */
    public String set(String sealed) {
        return write(settings.name(), sealed, settings.maxAge(), settings.sameSite());
    }

    /** Returns the {@code Set-Cookie} value that removes the session. */
    public String clear() {
        return clear(settings.name(), settings.sameSite());
    }

    /** Returns the {@code Set-Cookie} value of a login attempt, which must survive the way back from WorkOS. */
    public String setFlow(String name, String value, Duration life) {
        return write(name, value, life, CookieSettings.SameSite.LAX);
    }

    /** Returns the {@code Set-Cookie} value that removes a login attempt. */
    public String clearFlow(String name) {
        return clear(name, CookieSettings.SameSite.LAX);
    }

    /** Returns the values of the session cookie in the {@code Cookie} headers of one request, in their order. */
    public List<String> sessionValues(List<String> cookieHeaders) {
        var values = new ArrayList<String>();
        for (Pair pair : parse(cookieHeaders)) {
            if (pair.name().equals(settings.name())) {
                values.add(pair.value());
            }
        }
        return values;
    }

    /** Returns every pair of the {@code Cookie} headers of one request, percent-decoded, in their order. */
    public static List<Pair> parse(List<String> cookieHeaders) {
        var pairs = new ArrayList<Pair>();
        for (String header : cookieHeaders) {
            int start = 0;
            while (start < header.length()) {
                int end = header.indexOf(';', start);
                end = end < 0 ? header.length() : end;
                int equals = header.indexOf('=', start);
                if (equals > start && equals < end) {
                    String value = header.substring(equals + 1, end).strip();
                    pairs.add(new Pair(header.substring(start, equals).strip(), decoded(unquoted(value))));
                }
                start = end + 1;
            }
        }
        return pairs;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** Other libraries may escape what need not be; what is escaped wrongly stays as it is. */
    private static String decoded(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        byte[] raw = value.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.put(raw[i]);
                continue;
            }
            if (i + 2 >= raw.length || !HexFormat.isHexDigit(raw[i + 1]) || !HexFormat.isHexDigit(raw[i + 2])) {
                return value;
            }
            bytes.put((byte) (HexFormat.fromHexDigit(raw[i + 1]) * 16 + HexFormat.fromHexDigit(raw[i + 2])));
            i += 2;
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private String clear(String name, CookieSettings.SameSite sameSite) {
        return write(name, "", Duration.ZERO, sameSite) + "; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    }

    private String write(String name, String value, Duration life, CookieSettings.SameSite sameSite) {
        var text = new StringBuilder(name.length() + value.length() + 96)
                .append(name)
                .append('=')
                .append(value)
                .append("; Path=/; HttpOnly; SameSite=")
                .append(sameSite.text())
                .append("; Max-Age=")
                .append(life.toSeconds());
        if (settings.domain() != null) {
            text.append("; Domain=").append(settings.domain());
        }
        return settings.secure() ? text.append("; Secure").toString() : text.toString();
    }
}
