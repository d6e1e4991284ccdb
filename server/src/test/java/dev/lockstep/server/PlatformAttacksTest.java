package dev.lockstep.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** The platform section of the catalogue, against the whole server. */
class PlatformAttacksTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final int REQUESTS = Integer.getInteger("attacks.requests", 1_000);
    private static final List<String> PIECES = List.of(
            "/",
            "//",
            "..",
            "%2e",
            "%2f",
            "%00",
            "%",
            "%E3%80%82",
            ";",
            "?",
            "&",
            "=",
            "a=b",
            "code=",
            "state=",
            "api",
            "auth",
            "callback",
            "login",
            "me",
            "v1",
            "sessions",
            "token",
            "webhooks",
            "workos",
            "actuator",
            "'",
            "\"",
            "<script>",
            "${jndi:ldap://x}",
            "{{7*7}}",
            "\\",
            "|",
            "x",
            "organizationId=",
            "returnTo=",
            "maxAge=",
            "-1",
            "9999999999999999999",
            "null",
            "[]",
            "%0d%0aX:y",
            "é",
            "😀");

    private final Visitor stranger = demo.visitor();

    /** Runs it and returns what our own code logged meanwhile, at any level. */
    private static List<ILoggingEvent> logged(Runnable work) {
        Logger ours = (Logger) LoggerFactory.getLogger("dev.lockstep");
        Level before = ours.getLevel();
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        seen.start();
        ours.addAppender(seen);
        ours.setLevel(Level.TRACE);
        try {
            work.run();
        } finally {
            ours.detachAppender(seen);
            ours.setLevel(before);
        }
        return List.copyOf(seen.list);
    }

    @Test
    @DisplayName(
            "P03 twelve secrets through sign-in, renewal, forgery and sign-out at TRACE: none in a log line or in the audit log")
    void canaries() {
        WorkOsDouble workOs = demo.demo().workOs();
        var folder = new DemoFolder(demo.folder(), new SecureRandom());
        Map<String, String> secrets = new LinkedHashMap<>();
        secrets.put("API key", workOs.apiKey());
        secrets.put("webhook secret", workOs.webhookSecret());
        secrets.put("cookie password", folder.secret("cookie-password"));
        secrets.put("audit key", folder.secret("audit-key"));
        secrets.put("database password", demo.demo().postgres().password());
        Visitor visitor = demo.visitor();
        List<ILoggingEvent> lines = logged(() -> {
            String back = visitor.approvedAt(visitor.begin("/dashboard"), "cleo@globex.test");
            secrets.put("code", back.replaceFirst(".*[?&]code=([^&]*).*", "$1"));
            secrets.put("state", back.replaceFirst(".*[?&]state=([^&]*).*", "$1"));
            visitor.get(back + "&iss=https%3A%2F%2Fevil.example");
            visitor.signIn("cleo@globex.test");
            secrets.put("seal", visitor.cookies.get(Visitor.SESSION));
            secrets.put("access token", visitor.accessToken());
            visitor.postAsPage("/api/auth/token?force=true", "");
            secrets.put("renewed seal", visitor.cookies.get(Visitor.SESSION));
            secrets.put("renewed token", visitor.accessToken());
            secrets.put("CSRF token", visitor.csrfToken());
            stranger.withCookies("/api/auth/me", Visitor.SESSION + "=" + secrets.get("seal") + "x");
            stranger.get("/api/auth/me", "Authorization", "Bearer " + secrets.get("access token"));
            visitor.postAsPage("/api/auth/logout", "");
            demo.settled();
        });
        assertThat(lines).isNotEmpty();
        secrets.put("e-mail", "cleo@globex.test");
        String audited = demo.database()
                .read(tx -> String.join(
                        "\n",
                        tx.sql("SELECT t::text FROM app.audit_log t")
                                .query(String.class)
                                .list()));
        secrets.forEach((name, secret) -> {
            assertThat(lines)
                    .as(name + " in the log")
                    .noneMatch(line -> line.getFormattedMessage().contains(secret));
            assertThat(audited).as(name + " in the audit log").doesNotContain(secret);
        });
    }

    @Test
    @DisplayName(
            "P04 requests that nobody sane would send: no stack trace, no SQL, no class name, no 500; no table changes")
    void fuzzedRequests() throws IOException {
        long seed = Long.getLong("attacks.seed", System.nanoTime());
        Random random = new Random(seed);
        Aftermath aftermath = Aftermath.of(demo);
        for (int i = 0; i < REQUESTS; i++) {
            String body = random.nextBoolean() ? "" : mixed(random);
            String request = (random.nextInt(4) == 0 ? "POST" : "GET") + " /" + escaped(mixed(random))
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                    + body.getBytes(UTF_8).length
                    + "\r\nCookie: wos-session=" + mixed(random) + "; wos-auth-verifier-00000000=" + mixed(random)
                    + "\r\nContent-Type: "
                    + (random.nextBoolean() ? "application/json" : "application/x-www-form-urlencoded") + "\r\n"
                    + (random.nextBoolean() ? "X-CSRF-Token" : "Authorization") + ": Bearer " + mixed(random)
                    + "\r\nUser-Agent: " + mixed(random) + "\r\n\r\n" + body;
            String answer = answer(request);
            String where = "request %d of seed %d (-Dattacks.seed=%d): %s".formatted(i, seed, seed, request);
            assertThat(answer).as(where).matches("(?s)HTTP/1\\.1 [234]\\d\\d.*");
            assertThat(answer).as(where).doesNotContain(Visitor.NEVER_IN_A_BODY);
        }
        aftermath.nothingChanged();
    }

    /** Everything the server says to this, until it closes the connection. */
    private static String answer(String request) throws IOException {
        String addressed = request.replace(
                "Host: localhost\r\n", "Host: localhost:" + demo.address().getPort() + "\r\n");
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), demo.address().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(addressed.getBytes(UTF_8));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static String mixed(Random random) {
        StringBuilder mixed = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            mixed.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return mixed.toString();
    }

    /** What the client could not send is escaped; what is escaped already stays. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte octet : text.getBytes(UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain = c > ' ' && c < 0x7f && "\"<>\\{}|^`[]#".indexOf(c) < 0;
            escaped.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return escaped.toString().replaceAll("%(?![0-9A-Fa-f]{2})", "%25");
    }

    @Test
    @DisplayName("P05 whatever visitors write, an event is one line without control characters")
    void logInjection() {
        List<String> evil = List.of(
                "%0d%0aERROR%20forged",
                "%1b[31mred", "\",\"level\":\"ERROR", "%E2%80%A8forged", "%00", "${jndi:ldap://x}");
        List<ILoggingEvent> lines = logged(() -> {
            for (String text : evil) {
                stranger.get("/api/auth/callback?error=" + escaped(text) + "&error_description=" + escaped(text));
                stranger.get("/api/auth/callback?code=" + escaped(text) + "&state=" + escaped(text));
                stranger.get("/api/auth/login?loginHint=" + escaped(text), "User-Agent", escaped(text));
                stranger.withCookies("/api/auth/me", "wos-session=" + escaped(text));
                stranger.get("/api/" + escaped(text));
            }
        });
        assertThat(lines)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.getFormattedMessage())
                        .doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029]")
                        .doesNotContain("forged", "jndi"));
    }

    static List<String> requestsThatAreTwoThings() {
        return List.of(
                "POST /api/auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX",
                "POST /api/auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
                "POST /api/webhooks/workos HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
                "POST /api/auth/token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "GET /api/auth/me HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
                "GET /api/auth/me HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n folded\r\n\r\n",
                "GET /api/auth/me HTTP/1.1\r\nHost : localhost\r\n\r\n",
                "GET /api/auth/me HTTP/1.1\r\n\r\n",
                "GET /api/auth/me HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n");
    }

    @ParameterizedTest(name = "P07 {index}")
    @MethodSource("requestsThatAreTwoThings")
    void smuggling(String request) throws IOException {
        String answer = answer(request);
        assertThat(answer).startsWith("HTTP/1.1 400");
        assertThat(answer.split("HTTP/1\\.1 ", -1)).as("answers").hasSize(2);
        assertThat(answer).doesNotContain(Visitor.NEVER_IN_A_BODY).doesNotContain("org.eclipse");
    }

    @Test
    @DisplayName("P08 H25 every page and every refusal carries what keeps a browser from helping an attacker")
    void pageHeaders() {
        for (String path : List.of("/", "/login", "/signed-out", "/nothing", "/api/auth/logout", "/api/auth/me")) {
            var headers = stranger.get(path, "Accept", "text/html").headers();
            assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe-inline", "unsafe-eval", "*");
            assertThat(headers.allValues("X-Content-Type-Options")).as(path).containsExactly("nosniff");
            assertThat(headers.allValues("X-Frame-Options")).as(path).containsExactly("DENY");
            assertThat(headers.allValues("Cross-Origin-Opener-Policy")).as(path).containsExactly("same-origin");
            assertThat(headers.firstValue("Referrer-Policy")).as(path).isPresent();
            assertThat(headers.firstValue("Server")).as(path).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "P13 a known and an unknown e-mail address begin the same sign-in, and no address tells one from the other")
    void errorOracle() {
        for (String path : List.of("/api/auth/login?loginHint=", "/api/auth/register?loginHint=")) {
            HttpResponse<String> known = demo.visitor().get(path + "ada%40acme.test");
            HttpResponse<String> unknown = demo.visitor().get(path + "nobody%40acme.test");
            assertThat(known.statusCode()).isEqualTo(unknown.statusCode()).isEqualTo(302);
            assertThat(shape(known)).isEqualTo(shape(unknown));
            assertThat(known.headers().map().keySet())
                    .isEqualTo(unknown.headers().map().keySet());
        }
    }

    private static String shape(HttpResponse<String> answer) {
        return Visitor.location(answer).replaceAll("(state|code_challenge|login_hint)=[^&]*", "$1");
    }
}
