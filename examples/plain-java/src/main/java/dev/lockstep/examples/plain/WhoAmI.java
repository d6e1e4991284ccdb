package dev.lockstep.examples.plain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.identity.Caller;
import dev.lockstep.session.CookieSettings;
import dev.lockstep.session.Revocations;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.SessionReader;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.SigningKeySource;
import dev.lockstep.session.token.SigningKeys;
import dev.lockstep.session.token.TokenSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** Reads the session cookie of each request and says who it is. It signs nobody in; another program of yours does. */
public final class WhoAmI {
    private final SessionCookies cookies;
    private final SessionReader reader;

    WhoAmI(SessionCookies cookies, SessionReader reader) {
        this.cookies = cookies;
        this.reader = reader;
    }

    /** Listens on port 8080 of this machine. Needs WORKOS_CLIENT_ID and WORKOS_COOKIE_PASSWORD. */
    public static void main(String[] args) throws IOException {
        String clientId = Objects.requireNonNull(System.getenv("WORKOS_CLIENT_ID"), "set WORKOS_CLIENT_ID");
        String password = Objects.requireNonNull(System.getenv("WORKOS_COOKIE_PASSWORD"), "set WORKOS_COOKIE_PASSWORD");
        var cookies = new SessionCookies(CookieSettings.at("http://localhost:8080"));
        var reader = reader(clientId, password, WorkOsKeys.of(clientId), InstantSource.system());
        HttpServer server = new WhoAmI(cookies, reader).listen(8080);
        System.out.println("http://localhost:" + server.getAddress().getPort());
    }

    /** Everything it takes to judge a session cookie. */
    static SessionReader reader(String clientId, String password, SigningKeySource source, InstantSource clock) {
        var keys = CookieKeys.of(List.of(password));
        var sealer = new SessionSealer(
                keys, CookieSettings.DEFAULT_NAME, CookieSettings.DEFAULT_MAX_AGE, clock, new SecureRandom());
        var settings = TokenSettings.of(clientId, List.of("https://api.workos.com"));
        var verifier = new AccessTokenVerifier(new SigningKeys(source, clock), settings, clock);
        return new SessionReader(sealer, verifier, new Revocations(clock), SessionReader.Settings.DEFAULT, clock);
    }

    /** Starts a server on this port of the loopback address; port 0 takes any. */
    HttpServer listen(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::answer);
        server.start();
        return server;
    }

    private void answer(HttpExchange exchange) throws IOException {
        List<String> headers = exchange.getRequestHeaders().getOrDefault("Cookie", List.of());
        switch (reader.read(cookies.sessionValues(headers))) {
            case SessionOutcome.Valid valid -> greet(exchange, valid.caller());
            case SessionOutcome.NeedsRefresh due
            when due.tokenStillValid() -> greet(exchange, due.token().caller());
            // Renewing takes a call to WorkOS: SessionRefresher of this jar, AuthenticationApi of lockstep-workos.
            case SessionOutcome.NeedsRefresh due -> say(exchange, 401, "Your session wants renewing.");
            case SessionOutcome.CannotVerify unsure -> unsure(exchange, unsure.retryAfter());
            case SessionOutcome.Absent absent -> say(exchange, 401, "Nobody is signed in.");
            case SessionOutcome.Expired expired -> forget(exchange);
            case SessionOutcome.Revoked revoked -> forget(exchange);
            case SessionOutcome.Tampered tampered -> forget(exchange);
        }
    }

    private static void greet(HttpExchange exchange, Caller.SignedIn caller) throws IOException {
        String where = caller.organization().map(id -> " in " + id.value()).orElse("");
        say(exchange, 200, "You are " + caller.user().value() + where + ".");
    }

    /** Keeps the cookie: that nobody can say now is no reason to sign anybody out. */
    private static void unsure(HttpExchange exchange, Duration retryAfter) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", Long.toString(retryAfter.toSeconds()));
        say(exchange, 503, "Your session cannot be checked now.");
    }

    private void forget(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Set-Cookie", cookies.clear());
        say(exchange, 401, "Nobody is signed in.");
    }

    private static void say(HttpExchange exchange, int status, String sentence) throws IOException {
        byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
