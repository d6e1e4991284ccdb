package dev.lockstep.workosdouble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A client of the double over real HTTP; it never follows a redirect, so that tests see it. */
final class Caller implements AutoCloseable {
    static final String CALLBACK = "http://localhost:3000/api/auth/callback";
    // The pair of RFC 7636, appendix B.
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    private final WorkOsDouble workos;

    Caller(WorkOsDouble workos) {
        this.workos = workos;
    }

    record Answer(int status, Map<String, String> headers, String body) {
        JsonNode json() {
            return Json.parse(body);
        }

        URI location() {
            return URI.create(headers.get("location"));
        }

        Map<String, String> locationQuery() {
            Map<String, String> query = new LinkedHashMap<>();
            for (String pair : location().getRawQuery().split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
            return query;
        }
    }

    Answer get(String path) {
        return send(keyed(path).GET());
    }

    Answer delete(String path) {
        return send(keyed(path).DELETE());
    }

    Answer post(String path, String json) {
        return send(keyed(path).header("Content-Type", "application/json").POST(text(json)));
    }

    Answer put(String path, String json) {
        return send(keyed(path).header("Content-Type", "application/json").PUT(text(json)));
    }

    /** As a browser: no key, a user agent. */
    Answer browse(String path) {
        return send(bare(path).header("User-Agent", "Firefox on test").GET());
    }

    Answer submit(String path, Map<String, String> form) {
        return send(bare(path)
                .header("User-Agent", "Firefox on test")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(text(encoded(form))));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Map<String, String> headers = new LinkedHashMap<>();
            response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
            return new Answer(response.statusCode(), headers, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder bare(String path) {
        return HttpRequest.newBuilder(URI.create(workos.baseUrl() + path)).timeout(Duration.ofSeconds(60));
    }

    HttpRequest.Builder keyed(String path) {
        return bare(path).header("Authorization", "Bearer " + workos.apiKey());
    }

    /** The authorize address an application would send the browser to, with extra parameters. */
    String authorize(Map<String, String> extra) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("client_id", workos.clientId());
        query.put("redirect_uri", CALLBACK);
        query.put("response_type", "code");
        query.put("provider", "authkit");
        query.put("state", "opaque-state");
        query.put("code_challenge", CHALLENGE);
        query.put("code_challenge_method", "S256");
        query.putAll(extra);
        query.values().removeIf(String::isEmpty);
        return "/user_management/authorize?" + encoded(query);
    }

    Answer authenticate(Map<String, String> fields) {
        return post("/user_management/authenticate", Json.write(withClient(fields)));
    }

    Map<String, String> withClient(Map<String, String> fields) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("client_id", workos.clientId());
        all.put("client_secret", workos.apiKey());
        all.putAll(fields);
        return all;
    }

    Answer refresh(String token) {
        return authenticate(Map.of("grant_type", "refresh_token", "refresh_token", token));
    }

    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static HttpRequest.BodyPublisher text(String body) {
        return HttpRequest.BodyPublishers.ofString(body);
    }

    @Override
    public void close() {
        http.close();
    }
}
