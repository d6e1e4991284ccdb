package dev.lockstep.session.token;

import static dev.lockstep.session.kit.SessionKit.MINT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.kit.TokenMint;
import dev.lockstep.session.problem.SessionProblem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenVerifierTest {
    private final SessionKit kit = new SessionKit();

    @Test
    void aGenuineTokenSaysEverythingItHolds() {
        String token = MINT.token(now(), claims -> {
            claims.put("org_id", "org_1");
            claims.put("role", "admin");
            claims.put("roles", List.of("admin", "billing"));
            claims.put("permissions", List.of("posts:write"));
            claims.put("entitlements", List.of("sso"));
            claims.put("feature_flags", List.of("beta"));
            claims.put("auth_time", now().minusSeconds(10).getEpochSecond());
            claims.put("act", Map.of("sub", "op@workos.test"));
            claims.put("plan", "gold");
        });
        AccessToken read = valid(token);
        assertThat(read.organization()).contains(new OrganizationId("org_1"));
        assertThat(read.roles()).containsExactlyInAnyOrder(new RoleSlug("admin"), new RoleSlug("billing"));
        assertThat(read.permissions()).containsExactly(new Permission("posts:write"));
        assertThat(read.entitlements()).containsExactly("sso");
        assertThat(read.featureFlags()).containsExactly("beta");
        assertThat(read.impersonator()).isEqualTo(new Impersonator("op@workos.test", null));
        assertThat(read.lifetime()).isEqualTo(Duration.ofMinutes(5));
        assertThat(read.customClaims()).containsOnlyKeys("plan");
        assertThat(read.authenticatedWithin(Duration.ofSeconds(10), now())).isTrue();
        assertThat(read.authenticatedWithin(Duration.ofSeconds(9), now())).isFalse();
        assertThat(read.caller().user().value()).isEqualTo("user_1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.workos.com",
                "https://api.workos.com/",
                "https://api.workos.com/user_management/client_test"
            })
    void bothFormsOfTheIssuerAreBelieved(String issuer) {
        valid(MINT.token(now(), claims -> claims.put("iss", issuer)));
    }

    @Test
    void aCustomDomainIsBelievedOnceItIsNamed() {
        var settings = TokenSettings.of(TokenMint.CLIENT, List.of(TokenMint.ISSUER, "https://auth.example.test"));
        var verifier = new AccessTokenVerifier(new SigningKeys(kit.keySource, kit.clock), settings, kit.clock);
        String token = MINT.token(now(), claims -> claims.put("iss", "https://auth.example.test/"));
        assertThat(verifier.verify(token)).isInstanceOf(TokenOutcome.Valid.class);
        assertThat(kit.verifier.verify(token)).isEqualTo(new TokenOutcome.Invalid(TokenFault.ISSUER));
    }

    static Stream<Arguments> forgedClaims() {
        return Stream.of(
                arguments("no exp", change(c -> c.remove("exp")), TokenFault.CLAIMS),
                arguments("no sub", change(c -> c.remove("sub")), TokenFault.CLAIMS),
                arguments("no sid, as in a machine's token", change(c -> c.remove("sid")), TokenFault.CLAIMS),
                arguments("no iat", change(c -> c.remove("iat")), TokenFault.CLAIMS),
                arguments("exp as text", change(c -> c.put("exp", "9999999999")), TokenFault.CLAIMS),
                arguments("exp beyond all time", change(c -> c.put("exp", 1e300)), TokenFault.CLAIMS),
                arguments("negative exp", change(c -> c.put("exp", -1)), TokenFault.CLAIMS),
                arguments("sub as number", change(c -> c.put("sub", 1)), TokenFault.CLAIMS),
                arguments("blank sid", change(c -> c.put("sid", " ")), TokenFault.CLAIMS),
                arguments("sid of 300 characters", change(c -> c.put("sid", "s".repeat(300))), TokenFault.CLAIMS),
                arguments("org_id as list", change(c -> c.put("org_id", List.of("org_1"))), TokenFault.CLAIMS),
                arguments("nbf as text", change(c -> c.put("nbf", "0")), TokenFault.CLAIMS),
                arguments("wrong iss", change(c -> c.put("iss", "https://api.workos.com.evil")), TokenFault.ISSUER),
                arguments("no iss", change(c -> c.remove("iss")), TokenFault.ISSUER),
                arguments(
                        "another client's iss",
                        change(c -> c.put("iss", "https://api.workos.com/user_management/client_other")),
                        TokenFault.ISSUER),
                arguments("foreign client_id", change(c -> c.put("client_id", "client_other")), TokenFault.AUDIENCE),
                arguments("foreign aud", change(c -> c.put("aud", "client_other")), TokenFault.AUDIENCE),
                arguments("foreign auds", change(c -> c.put("aud", List.of("a", "b"))), TokenFault.AUDIENCE),
                arguments("aud as object", change(c -> c.put("aud", Map.of())), TokenFault.AUDIENCE),
                arguments("an identity token", change(c -> c.put("nonce", "n")), TokenFault.TYPE),
                arguments("a logout token", change(c -> c.put("events", Map.of())), TokenFault.TYPE),
                arguments("nbf in an hour", later("nbf", 3600), TokenFault.NOT_YET_VALID),
                arguments("nbf in 31 s", later("nbf", 31), TokenFault.NOT_YET_VALID),
                arguments("iat in an hour", both("iat", 3600, "exp", 7200), TokenFault.NOT_YET_VALID),
                arguments("a life of more than a day", later("exp", 86_401), TokenFault.LIFETIME));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgedClaims")
    void aSignedTokenWithWrongClaimsIsRefused(String name, Consumer<Map<String, Object>> change, TokenFault fault) {
        assertThat(kit.verifier.verify(MINT.token(now(), change))).isEqualTo(new TokenOutcome.Invalid(fault));
    }

    static Stream<Arguments> forgedHeaders() {
        return Stream.of(
                arguments(header("alg", "none"), TokenFault.ALGORITHM),
                arguments(header("alg", "None"), TokenFault.ALGORITHM),
                arguments(header("alg", "rs256"), TokenFault.ALGORITHM),
                arguments(header("alg", "RS512"), TokenFault.ALGORITHM),
                arguments(header("alg", "PS256"), TokenFault.ALGORITHM),
                arguments(header("alg", 256), TokenFault.ALGORITHM),
                arguments(header("typ", "logout+jwt"), TokenFault.TYPE),
                arguments(header("typ", "id_token"), TokenFault.TYPE),
                arguments(header("typ", List.of("JWT")), TokenFault.TYPE),
                arguments(header("kid", 7), TokenFault.HEADER),
                arguments(header("jku", "https://evil.test/jwks"), TokenFault.HEADER),
                arguments(header("jwk", MINT.jwk()), TokenFault.HEADER),
                arguments(header("x5u", "https://evil.test/cert"), TokenFault.HEADER),
                arguments(header("x5c", List.of("MIIB")), TokenFault.HEADER),
                arguments(header("crit", List.of("exp")), TokenFault.HEADER),
                arguments(header("b64", false), TokenFault.HEADER),
                arguments(header("zip", "DEF"), TokenFault.HEADER),
                arguments(header("kid", "key_9"), TokenFault.UNKNOWN_KEY));
    }

    @ParameterizedTest
    @MethodSource("forgedHeaders")
    void aSignedTokenWithAWrongHeaderIsRefused(Map<String, Object> header, TokenFault fault) {
        assertThat(kit.verifier.verify(MINT.sign(header, TokenMint.claims(now()))))
                .isEqualTo(new TokenOutcome.Invalid(fault));
    }

    @Test
    void noForgedHeaderMakesUsAskAnybody() {
        TokenMint foreign = TokenMint.withKey("evil");
        for (String name : List.of("jku", "jwk", "x5u")) {
            Map<String, Object> header = foreign.header();
            header.put(name, name.equals("jwk") ? foreign.jwk() : "https://evil.test/");
            assertThat(kit.verifier.verify(foreign.sign(header, TokenMint.claims(now()))))
                    .isEqualTo(new TokenOutcome.Invalid(TokenFault.HEADER));
        }
        assertThat(kit.keySource.calls()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "at+jwt", "application/at+jwt"})
    void theTypesOfAnAccessTokenAreAccepted(String type) {
        Map<String, Object> header = MINT.header();
        header.put("typ", type);
        assertThat(kit.verifier.verify(MINT.sign(header, TokenMint.claims(now()))))
                .isInstanceOf(TokenOutcome.Valid.class);
    }

    @Test
    void ourOwnAudienceAmongOthersIsAccepted() {
        valid(MINT.token(now(), c -> c.put("aud", List.of("other", TokenMint.CLIENT))));
        valid(MINT.token(now(), c -> c.put("client_id", TokenMint.CLIENT)));
    }

    @Test
    void theRsaKeyIsNoHmacSecret() throws GeneralSecurityException {
        byte[] der = MINT.publicKey().getEncoded();
        byte[] pem = ("-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (byte[] secret : List.of(der, pem)) {
            String signed = TokenMint.encode("{\"alg\":\"HS256\",\"kid\":\"key_1\"}") + "."
                    + MINT.token(now()).split("\\.")[1];
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            String token = signed + "." + TokenMint.encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
            assertThat(kit.verifier.verify(token)).isEqualTo(new TokenOutcome.Invalid(TokenFault.ALGORITHM));
        }
    }

    @Test
    void aForeignKeyUnderOurKeysIdIsRefused() {
        assertThat(kit.verifier.verify(TokenMint.withKey("key_1").token(now())))
                .isEqualTo(new TokenOutcome.Invalid(TokenFault.SIGNATURE));
    }

    @Test
    void changingAnyCharacterOfATokenBreaksIt() {
        String token = MINT.token(now());
        for (int at = 0; at < token.length(); at++) {
            char other = token.charAt(at) == 'A' ? 'B' : 'A';
            String forged = token.substring(0, at) + other + token.substring(at + 1);
            assertThat(kit.verifier.verify(forged)).as("character %d", at).isInstanceOf(TokenOutcome.Invalid.class);
        }
    }

    static Stream<String> malformed() {
        String token = MINT.token(Instant.parse("2026-11-21T10:00:00Z"));
        String[] parts = token.split("\\.");
        return Stream.of(
                "",
                ".",
                "..",
                parts[0] + "." + parts[1],
                parts[0] + "." + parts[1] + ".",
                token + ".x.y",
                token + "=",
                " " + token,
                token.replace('-', '+').replace('_', '/') + "+",
                MINT.signText("{\"alg\":\"RS256\",\"kid\":\"key_1\"}", "{\"exp\":1,\"exp\":9999999999}"),
                MINT.signText("{\"alg\":\"RS256\",\"alg\":\"none\"}", "{}"),
                MINT.signText("{\"alg\":\"RS256\"}", "[]"),
                MINT.signText("{\"alg\":\"RS256\"}", "{} {}"),
                MINT.signText("{\"alg\":\"RS256\"}", "{\"a\":".repeat(100) + "1" + "}".repeat(100)));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedTokenIsRefused(String token) {
        TokenOutcome outcome = kit.verifier.verify(token);
        boolean emptySignature = token.endsWith(".") && token.length() > 10;
        assertThat(outcome)
                .isEqualTo(new TokenOutcome.Invalid(emptySignature ? TokenFault.SIGNATURE : TokenFault.MALFORMED));
    }

    @Test
    void aSegmentSpelledInAnotherWayIsRefused() {
        String token = MINT.token(now());
        char last = token.charAt(token.length() - 1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        String same = token.substring(0, token.length() - 1) + alphabet.charAt(alphabet.indexOf(last) ^ 1);
        assertThat(kit.verifier.verify(same)).isEqualTo(new TokenOutcome.Invalid(TokenFault.MALFORMED));
    }

    @Test
    void aTokenOfAMegabyteIsRefusedAtOnce() {
        String huge = MINT.token(now()) + "A".repeat(1_000_000);
        kit.verifier.verify(huge);
        assertTimeout(
                Duration.ofMillis(50),
                () -> assertThat(kit.verifier.verify(huge)).isEqualTo(new TokenOutcome.Invalid(TokenFault.TOO_LONG)));
    }

    @Test
    void aTokenIsExpiredThirtySecondsAfterItsEndAndStillKnownAsGenuine() {
        String token = MINT.token(now());
        kit.clock.advance(Duration.ofSeconds(329));
        valid(token);
        kit.clock.advance(Duration.ofSeconds(1));
        assertThat(kit.verifier.verify(token))
                .isInstanceOfSatisfying(
                        TokenOutcome.Expired.class,
                        expired -> assertThat(expired.token().session().value()).isEqualTo("session_1"));
    }

    @Test
    void aTokenWithoutKeyIdIsTriedWithTheOnlyKey() {
        Map<String, Object> header = new LinkedHashMap<>(Map.of("alg", "RS256"));
        String token = MINT.sign(header, TokenMint.claims(now()));
        assertThat(kit.verifier.verify(token)).isInstanceOf(TokenOutcome.Valid.class);
    }

    @Test
    void settingsNameEverythingThatIsWrong() {
        Assertions.assertThatExceptionOfType(SessionProblem.class)
                .isThrownBy(() -> new TokenSettings(Set.of(), Set.of(), Duration.ofSeconds(61)))
                .satisfies(problem -> assertThat(problem.reasons()).hasSize(3));
    }

    private AccessToken valid(String token) {
        return switch (kit.verifier.verify(token)) {
            case TokenOutcome.Valid valid -> valid.token();
            case TokenOutcome.Expired expired -> throw new AssertionError(expired.toString());
            case TokenOutcome.Invalid invalid -> throw new AssertionError(invalid.toString());
            case TokenOutcome.CannotVerify cannot -> throw new AssertionError(cannot.toString());
        };
    }

    private Instant now() {
        return kit.clock.instant();
    }

    private static Consumer<Map<String, Object>> change(Consumer<Map<String, Object>> change) {
        return change;
    }

    private static Consumer<Map<String, Object>> later(String claim, long seconds) {
        return claims -> claims.put(claim, ((Number) claims.get("iat")).longValue() + seconds);
    }

    private static Consumer<Map<String, Object>> both(String one, long in, String other, long then) {
        return claims -> {
            long issued = ((Number) claims.get("iat")).longValue();
            claims.put(other, issued + then);
            claims.put(one, issued + in);
        };
    }

    private static Map<String, Object> header(String name, Object value) {
        Map<String, Object> header = MINT.header();
        header.put(name, value);
        return header;
    }
}
