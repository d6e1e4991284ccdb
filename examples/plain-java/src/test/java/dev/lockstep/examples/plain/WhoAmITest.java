package dev.lockstep.examples.plain;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.session.CookieSettings;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.SealOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.SigningKeySource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WhoAmITest {
    private static final String CLIENT = "client_example";
    private static final String PASSWORD = "example-cookie-password-at-least-32-chars";
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z"));

    private final SessionCookies cookies = new SessionCookies(CookieSettings.at("http://localhost:8080"));
    private final RSAKey key;
    private final HttpServer server;
    private boolean reachable = true;

    WhoAmITest() throws Exception {
        key = new RSAKeyGenerator(2048).keyID("key_1").generate();
        server = new WhoAmI(cookies, WhoAmI.reader(CLIENT, PASSWORD, this::keys, CLOCK)).listen(0);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aSealedCookieSaysWhoItIs() throws Exception {
        HttpResponse<String> answer = ask(sealed());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("You are user_ada in org_acme.\n");
    }

    @Test
    void aForgedCookieIsNobodyAndGoesAway() throws Exception {
        HttpResponse<String> answer = ask(sealed().replaceFirst("^(.{40}).", "$1_"));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Set-Cookie"))
                .hasValueSatisfying(
                        value -> assertThat(value).startsWith("wos-session=;").contains("Max-Age=0"));
    }

    @Test
    void noCookieIsNobody() throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(address()).build());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void anOutageOfWorkOsKeepsTheCookie() throws Exception {
        reachable = false;

        HttpResponse<String> answer = ask(sealed());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    private String keys() throws SigningKeySource.Unreachable {
        if (!reachable) {
            throw new SigningKeySource.Unreachable("unplugged", null);
        }
        return new JWKSet(key.toPublicJWK()).toString();
    }

    private String sealed() throws Exception {
        var sealer = new SessionSealer(
                CookieKeys.of(List.of(PASSWORD)),
                "wos-session",
                CookieSettings.DEFAULT_MAX_AGE,
                CLOCK,
                new SecureRandom());
        UserJson ada =
                UserJson.parse("{\"object\":\"user\",\"id\":\"user_ada\"}").orElseThrow();
        return switch (sealer.seal(new SealedSession(token(), "refresh_1", ada, null, "Password", null))) {
            case SealOutcome.Sealed fits -> fits.value();
            case SealOutcome.TooBig big -> throw new AssertionError(big);
        };
    }

    private String token() throws Exception {
        var claims = new JWTClaimsSet.Builder()
                .issuer("https://api.workos.com")
                .subject("user_ada")
                .claim("sid", "session_1")
                .claim("org_id", "org_acme")
                .issueTime(Date.from(CLOCK.instant()))
                .expirationTime(Date.from(CLOCK.instant().plusSeconds(300)))
                .build();
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key_1").build(), claims);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private HttpResponse<String> ask(String cookie) throws Exception {
        return send(HttpRequest.newBuilder(address())
                .header("Cookie", "theme=dark; wos-session=" + cookie)
                .build());
    }

    private URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
