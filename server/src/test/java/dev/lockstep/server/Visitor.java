package dev.lockstep.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A browser without a screen: keeps cookies, follows no redirect by itself, and holds every answer against what no
 * answer may ever be: a 500, a stack trace, or SQL.
 */
final class Visitor {
    static final String SESSION = "wos-session";

    /** What would tell a stranger what is inside. */
    static final List<String> NEVER_IN_A_BODY = List.of(
            "Exception",
            "\tat ",
            "at dev.lockstep",
            "org.springframework",
            "org.postgresql",
            "SQLSTATE",
            "SELECT ",
            "INSERT ");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI home;
    final Map<String, String> cookies = new LinkedHashMap<>();

    Visitor(URI home) {
        this.home = home;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    HttpResponse<String> post(String path, String json, String... headers) {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/json";
        return send("POST", path, BodyPublishers.ofString(json), all);
    }

    /** As a page of the application posts: same origin, with the session's CSRF token. */
    HttpResponse<String> postAsPage(String path, String json) {
        return post(
                path, json, "X-CSRF-Token", csrfToken(), "Origin", home.toString(), "Sec-Fetch-Site", "same-origin");
    }

    HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(home + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        if (!cookies.isEmpty()) {
            request.header("Cookie", cookieHeader());
        }
        HttpResponse<String> response = exchange(request.build());
        keep(response);
        return response;
    }

    /** With this Cookie header instead of the own cookies, and without keeping what comes back. */
    HttpResponse<String> withCookies(String path, String... cookieHeaders) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(home + path));
        for (String header : cookieHeaders) {
            request.header("Cookie", header);
        }
        return exchange(request.build());
    }

    String cookieHeader() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    /** Signs in through the double's page and returns the last answer, the one with the session cookie. */
    HttpResponse<String> signIn(String email, String returnTo) {
        return get(approvedAt(begin(returnTo), email));
    }

    Visitor signIn(String email) {
        assertThat(signIn(email, "/dashboard").statusCode()).isEqualTo(302);
        assertThat(cookies).containsKey(SESSION);
        return this;
    }

    /** Begins a sign-in and returns where WorkOS shows its page. */
    String begin(String returnTo) {
        HttpResponse<String> begun = get("/api/auth/login?returnTo=" + URLEncoder.encode(returnTo, UTF_8));
        assertThat(begun.statusCode()).isEqualTo(302);
        return location(begun);
    }

    /** Presses the button on the page of WorkOS and returns the path of the callback, with code and state. */
    String approvedAt(String authorizeUrl, String email) {
        HttpResponse<String> approved = exchange(HttpRequest.newBuilder(URI.create(authorizeUrl))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("action=sign-in&email=" + URLEncoder.encode(email, UTF_8)))
                .build());
        assertThat(location(approved)).startsWith(home + "/");
        return location(approved).substring(home.toString().length());
    }

    /** What {@code /api/auth/me} says about this visitor, who must be signed in. */
    JsonNode me() {
        HttpResponse<String> answer = get("/api/auth/me");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).get("data");
    }

    String csrfToken() {
        return me().get("csrfToken").asString();
    }

    String sessionId() {
        return me().get("sessionId").asString();
    }

    /** A token for the live socket. */
    String accessToken() {
        HttpResponse<String> answer = postAsPage("/api/auth/token", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).at("/data/accessToken").asString();
    }

    static String location(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError("no Location in an answer with status " + response.statusCode()));
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /** Whether the answer takes the session cookie away. */
    static boolean clearsTheSession(HttpResponse<?> response) {
        return response.headers().allValues("Set-Cookie").stream()
                .anyMatch(value -> value.startsWith(SESSION + "=;") && value.contains("Max-Age=0"));
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            assertThat(response.statusCode())
                    .as("%s %s: %s", request.method(), request.uri().getPath(), response.body())
                    .isNotEqualTo(500);
            assertThat(response.body()).as(request.uri().getPath()).doesNotContain(NEVER_IN_A_BODY);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    request.method() + " " + request.uri().getPath(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void keep(HttpResponse<?> response) {
        for (String header : response.headers().allValues("Set-Cookie")) {
            HttpCookie cookie = HttpCookie.parse(header).getFirst();
            if (cookie.getMaxAge() == 0) {
                cookies.remove(cookie.getName());
            } else {
                cookies.put(cookie.getName(), cookie.getValue());
            }
        }
    }
}
