package dev.lockstep.examples.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody with a browser: signs in through the login page of the double and keeps the cookies. */
final class Person {
    private final HttpClient http;
    private final URI home;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    Person(HttpClient http, URI home) {
        this.http = http;
        this.home = home;
    }

    Person signIn(String email) throws Exception {
        String loginPage = location(send("GET", home.resolve("/api/auth/login?returnTo=/hello")));
        HttpResponse<String> pressed = http.send(
                HttpRequest.newBuilder(URI.create(loginPage))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("action=sign-in&email=" + URLEncoder.encode(email, UTF_8)))
                        .build(),
                BodyHandlers.ofString());
        assertThat(send("GET", URI.create(location(pressed))).statusCode()).isEqualTo(302);
        return this;
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", home.resolve(path));
    }

    HttpResponse<String> change(String method, String path) throws Exception {
        HttpResponse<String> me = get("/api/auth/me");
        String csrf =
                me.statusCode() == 401 ? "none" : json(me).at("/data/csrfToken").asString();
        return send(method, home.resolve(path), "X-CSRF-Token", csrf, "Origin", home.toString());
    }

    /** The token that a page shows to the live socket. */
    String accessToken() throws Exception {
        return json(change("POST", "/api/auth/token")).at("/data/accessToken").asString();
    }

    /** Calls a function over HTTP, with a token or as nobody. */
    static JsonNode call(HttpClient http, URI home, String kind, String path, String args, String token)
            throws Exception {
        HttpRequest.Builder call = HttpRequest.newBuilder(home.resolve("/api/" + kind))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"path\":\"" + path + "\",\"format\":\"json\",\"args\":[" + args + "]}"));
        if (!token.isEmpty()) {
            call.header("Authorization", "Bearer " + token);
        }
        return json(http.send(call.build(), BodyHandlers.ofString()));
    }

    private HttpResponse<String> send(String method, URI address, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        for (String header : response.headers().allValues("Set-Cookie")) {
            HttpCookie cookie = HttpCookie.parse(header).getFirst();
            cookies.put(cookie.getName(), cookie.getValue());
        }
        return response;
    }

    private static String location(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isBetween(302, 303);
        return response.headers().firstValue("Location").orElseThrow();
    }

    private static JsonNode json(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(response.body());
    }
}
