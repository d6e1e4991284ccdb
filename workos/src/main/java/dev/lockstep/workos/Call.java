package dev.lockstep.workos;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One request to WorkOS, before anything is sent. Immutable.
 *
 * @param method the HTTP method
 * @param path with a leading slash, every id in it encoded by {@link #segment}
 * @param query in the order to send
 * @param body the JSON to send, or null
 * @param repeatable whether doing it twice does no more than doing it once; only then it is tried again
 * @param ownLimit whether WorkOS counts it per person or object, so that a 429 says nothing about other calls
 */
public record Call(
        String method,
        String path,
        Map<String, String> query,
        @Nullable JsonNode body,
        boolean repeatable,
        boolean ownLimit) {
    public Call {
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    }

    /** Returns a repeatable GET. */
    public static Call get(String path) {
        return new Call("GET", path, Map.of(), null, true, false);
    }

    /** Returns a repeatable PUT. */
    public static Call put(String path, JsonNode body) {
        return new Call("PUT", path, Map.of(), body, true, false);
    }

    /** Returns a repeatable PATCH. */
    public static Call patch(String path, JsonNode body) {
        return new Call("PATCH", path, Map.of(), body, true, false);
    }

    /** Returns a repeatable DELETE. */
    public static Call delete(String path) {
        return new Call("DELETE", path, Map.of(), null, true, false);
    }

    /** Returns a POST that is tried once. */
    public static Call post(String path, JsonNode body) {
        return new Call("POST", path, Map.of(), body, false, false);
    }

    /** Returns the same call with one more query parameter. */
    public Call with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(query);
        more.put(name, value);
        return new Call(method, path, more, body, repeatable, ownLimit);
    }

    /** Returns the same call, marked as one that may be sent twice. */
    public Call asRepeatable() {
        return new Call(method, path, query, body, true, ownLimit);
    }

    /** Returns the same call, marked as one that WorkOS limits by itself. */
    public Call withOwnLimit() {
        return new Call(method, path, query, body, repeatable, true);
    }

    /** Encodes an id for use as one segment of a path. */
    public static String segment(String id) {
        return encode(id).replace("+", "%20").replace(".", "%2E");
    }

    URI uri(URI base) {
        String suffix = query.entrySet().stream()
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
        return URI.create(base + path + (suffix.isEmpty() ? "" : "?" + suffix));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
