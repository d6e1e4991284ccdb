package dev.lockstep.workosdouble;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One HTTP request, read whole; the body may have at most one MiB. */
final class Request {
    private static final int LONGEST_BODY = 1 << 20;

    private final String method;
    private final URI uri;
    private final Map<String, String> headers;
    private final Map<String, List<String>> query;
    private final byte[] body;
    private final String peer;
    private final Map<String, String> path;
    private final Fault.@Nullable Drift drift;

    private Request(
            String method,
            URI uri,
            Map<String, String> headers,
            Map<String, List<String>> query,
            byte[] body,
            String peer,
            Map<String, String> path,
            Fault.@Nullable Drift drift) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.query = query;
        this.body = body;
        this.peer = peer;
        this.path = path;
        this.drift = drift;
    }

    static Request read(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            throw ApiRefusal.tooLarge();
        }
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        URI uri = exchange.getRequestURI();
        return new Request(
                exchange.getRequestMethod(),
                uri,
                headers,
                pairs(uri.getRawQuery()),
                body,
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                Map.of(),
                null);
    }

    /** The route's variables, and the fault that the list meets, if any. */
    Request routed(Map<String, String> variables, Fault.@Nullable Drift met) {
        return new Request(method, uri, headers, query, body, peer, variables, met);
    }

    Fault.Drift.@Nullable Way drift() {
        return drift == null ? null : drift.way();
    }

    String method() {
        return method;
    }

    String path() {
        return uri.getPath();
    }

    /** As it came, for a form that posts back to where it was shown. */
    String pathAndQuery() {
        return uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
    }

    @Nullable
    String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The address of the browser or client. */
    String peer() {
        return peer;
    }

    /** A variable of the route, {@code {id}}. */
    String variable(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no variable " + name);
        }
        return value;
    }

    /** Null when the route has no such variable. */
    @Nullable
    String findVariable(String name) {
        return path.get(name);
    }

    /** The first value, or null when absent or empty. */
    @Nullable
    String query(String name) {
        return first(query, name);
    }

    /** A list written as {@code name=a,b}, {@code name=a&name=b} or {@code name[]=a&name[]=b}. */
    List<String> queryList(String name) {
        List<String> values = new ArrayList<>();
        for (String key : List.of(name, name + "[]")) {
            for (String joined : query.getOrDefault(key, List.of())) {
                for (String value : joined.split(",", -1)) {
                    if (!value.isBlank()) {
                        values.add(value.strip());
                    }
                }
            }
        }
        return values;
    }

    /** The body as a JSON object; an empty body is an empty object. */
    ObjectNode json() {
        if (body.length == 0) {
            return Json.object();
        }
        try {
            if (Json.parse(text()) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw malformed();
        }
        throw malformed();
    }

    /** The body's text fields, whether it came as a form or as JSON. */
    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        String type = header("Content-Type");
        if (type != null && type.startsWith("application/x-www-form-urlencoded")) {
            pairs(text()).forEach((name, values) -> fields.put(name, values.getFirst()));
            return fields;
        }
        for (Map.Entry<String, JsonNode> field : json().properties()) {
            if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                fields.put(field.getKey(), field.getValue().asString());
            }
        }
        return fields;
    }

    private String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    private static ApiRefusal malformed() {
        return ApiRefusal.badRequest("invalid_json", "The request body is not a JSON object.");
    }

    private static @Nullable String first(Map<String, List<String>> pairs, String name) {
        List<String> values = pairs.getOrDefault(name, List.of());
        return values.isEmpty() || values.getFirst().isEmpty() ? null : values.getFirst();
    }

    private static Map<String, List<String>> pairs(@Nullable String raw) {
        Map<String, List<String>> pairs = new LinkedHashMap<>();
        if (raw == null || raw.isEmpty()) {
            return pairs;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            pairs.computeIfAbsent(decoded(name), ignored -> new ArrayList<>()).add(decoded(value));
        }
        return pairs;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiRefusal.badRequest("invalid_encoding", "The request is not percent-encoded correctly.");
        }
    }
}
