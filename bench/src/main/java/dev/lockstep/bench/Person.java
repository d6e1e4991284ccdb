package dev.lockstep.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
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

/** One of the demo's people, signed in through the login page of the double as a browser would. */
final class Person {
    private final HttpClient http;
    private final URI home;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    private Person(HttpClient http, URI home) {
        this.http = http;
        this.home = home;
    }

    static Person signIn(HttpClient http, URI home, String email) throws IOException, InterruptedException {
        Person person = new Person(http, home);
        String loginPage = location(person.send("GET", home.resolve("/api/auth/login?returnTo=/dashboard")));
        HttpResponse<String> pressed = http.send(
                HttpRequest.newBuilder(URI.create(loginPage))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("action=sign-in&email=" + URLEncoder.encode(email, UTF_8)))
                        .build(),
                BodyHandlers.ofString());
        location(person.send("GET", URI.create(location(pressed))));
        return person;
    }

    String cookieHeader() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    String userId() throws IOException, InterruptedException {
        return me().at("/user/id").asString();
    }

    /** Returns a fresh token for the live socket. */
    String accessToken() throws IOException, InterruptedException {
        String csrf = me().get("csrfToken").asString();
        HttpResponse<String> answer = send(
                "POST", home.resolve("/api/auth/token?force=true"), "X-CSRF-Token", csrf, "Origin", home.toString());
        return json(answer).at("/data/accessToken").asString();
    }

    private JsonNode me() throws IOException, InterruptedException {
        return json(send("GET", home.resolve("/api/auth/me"))).get("data");
    }

    private HttpResponse<String> send(String method, URI address, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!cookies.isEmpty()) {
            request.header("Cookie", cookieHeader());
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        for (String header : response.headers().allValues("Set-Cookie")) {
            HttpCookie cookie = HttpCookie.parse(header).getFirst();
            if (cookie.getMaxAge() == 0) {
                cookies.remove(cookie.getName());
            } else {
                cookies.put(cookie.getName(), cookie.getValue());
            }
        }
        return response;
    }

    private static String location(HttpResponse<String> response) throws IOException {
        return response.headers()
                .firstValue("Location")
                .orElseThrow(() -> new IOException("no redirect but " + response.statusCode()));
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IOException("the server answered " + response.statusCode());
        }
        return JsonMapper.shared().readTree(response.body());
    }
}
