package dev.lockstep.starter;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads both spellings of a database address: {@code postgres://user:password@host/name} and {@code jdbc:postgresql:…}.
 * Hosts may be what containers are called, and a password may hold any character, escaped or not.
 */
final class DatabaseUrl {
    private static final Pattern SHAPE = Pattern.compile("postgres(?:ql)?://(?:(?<user>[^:@/]+)(?::(?<password>.*))?@)?"
            + "(?<hosts>[^@/?#\\s]+)/(?<name>[^?#\\s]+)(?<query>\\?[^#\\s]*)?");

    private DatabaseUrl() {}

    /** Returns the datasource's properties, or nothing when the address is neither of the two. */
    static Optional<Map<String, Object>> properties(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            return Optional.of(Map.of("spring.datasource.url", url));
        }
        Matcher shape = SHAPE.matcher(url.strip());
        if (!shape.matches()) {
            return Optional.empty();
        }
        Map<String, Object> properties = new HashMap<>();
        String query = shape.group("query");
        properties.put(
                "spring.datasource.url",
                "jdbc:postgresql://" + shape.group("hosts") + "/" + shape.group("name") + (query == null ? "" : query));
        if (shape.group("user") != null) {
            properties.put("spring.datasource.username", decoded(shape.group("user")));
        }
        if (shape.group("password") != null) {
            properties.put("spring.datasource.password", decoded(shape.group("password")));
        }
        return Optional.of(properties);
    }

    /** A percent sign that escapes nothing is meant as it stands. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unescaped) {
            return text;
        }
    }
}
