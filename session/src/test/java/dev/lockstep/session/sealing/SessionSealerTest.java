package dev.lockstep.session.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.kit.SessionKit;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionSealerTest {
    private final SessionKit kit = new SessionKit();
    private final SessionSealer sealer = kit.sealer(kit.keys);

    @Test
    void aCookieOfTheNodeLibraryIsReadWithItsUserVerbatim() {
        SealedSession session = opened(sealer.open(IronSealTest.BY_NODE)).session();
        assertThat(session.user().id()).isEqualTo(new UserId("user_1"));
        assertThat(session.user().json())
                .isEqualTo("{\"object\":\"user\",\"id\":\"user_1\",\"email\":\"a@b.co\",\"name\":null,"
                        + "\"externalId\":null,\"metadata\":{}}");
        assertThat(session.refreshToken()).isEqualTo("rt_1");
        assertThat(session.authenticationMethod()).isEqualTo("Password");
        assertThat(session.organizationId()).isNull();
    }

    @Test
    void everyFieldComesBackAsItWentIn() {
        var session = new SealedSession(
                "a.b.c",
                "rt",
                new UserJson(
                        new UserId("user_1"),
                        "{ \"id\" : \"user_1\", \"updatedAt\":\"2026-01-01T00:00:00.000Z\","
                                + " \"n\": 1.50, \"emoji\":\"😀\", \"unknown\":{\"deep\":[1,{\"}\":\"{\"}]} }"),
                new Impersonator("op@workos.test", null),
                "GoogleOAuth",
                new OrganizationId("org_1"));
        assertThat(opened(sealer.open(SessionKit.value(sealer.seal(session)))).session())
                .isEqualTo(session);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "1",
                "",
                "{\"accessToken\":\"a\"}",
                "{\"accessToken\":\"a\",\"user\":null}",
                "{\"accessToken\":\"a\",\"user\":{\"id\":7}}",
                "{\"accessToken\":\"a\",\"user\":{\"id\":\" \"}}",
                "{\"accessToken\":5,\"user\":{\"id\":\"user_1\"}}",
                "{\"accessToken\":\"a\",\"accessToken\":\"b\",\"user\":{\"id\":\"user_1\"}}",
                "{\"accessToken\":\"a\",\"user\":{\"id\":\"user_1\",\"id\":\"user_2\"}}",
                "{\"accessToken\":\"a\",\"user\":{\"id\":\"user_1\"}} {}",
                "{\"accessToken\":\"a\",\"user\":{\"id\":\"user_1\"}",
            })
    void anAuthenticSealThatHoldsNoSessionIsUnreadable(String content) {
        assertThat(sealer.open(raw(content.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(new OpenOutcome.Unreadable(SealFault.CONTENT));
    }

    @Test
    void contentThatIsNotUtf8IsUnreadable() {
        byte[] content =
                "{\"accessToken\":\"a\",\"user\":{\"id\":\"user_1\",\"x\":\"?\"}}".getBytes(StandardCharsets.UTF_8);
        content[content.length - 4] = (byte) 0xff;
        assertThat(sealer.open(raw(content))).isEqualTo(new OpenOutcome.Unreadable(SealFault.CONTENT));
    }

    @Test
    void unknownAndMissingNamesAreTolerated() {
        String content = "{\"oauthTokens\":{\"a\":[1]},\"accessToken\":\"a\",\"x\":[{}],\"impersonator\":null,"
                + "\"user\":{\"id\":\"user_1\"},\"organizationId\":null}";
        SealedSession session = opened(sealer.open(raw(content.getBytes(StandardCharsets.UTF_8))))
                .session();
        assertThat(session)
                .isEqualTo(new SealedSession(
                        "a", null, new UserJson(new UserId("user_1"), "{\"id\":\"user_1\"}"), null, null, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 255, 256, 1000})
    void anOrganizationIdThatCannotBeOneIsPassedOver(int length) {
        String content = "{\"accessToken\":\"a\",\"user\":{\"id\":\"user_1\"},\"organizationId\":\""
                + "o".repeat(length) + "\"}";
        SealedSession session = opened(sealer.open(raw(content.getBytes(StandardCharsets.UTF_8))))
                .session();
        assertThat(session.organizationId() != null).isEqualTo(length == 255);
    }

    @Test
    void aSessionOfTheLargestSizeFitsIntoOneCookieAndOneByteMoreDoesNot() {
        int free = SessionSealer.budget("wos-session") - sizeOf("");
        assertThat(SessionSealer.budget("wos-session")).isEqualTo(2895);
        String fits = SessionKit.value(sealer.seal(sized("x".repeat(free))));
        assertThat(fits.length() + "wos-session".length()).isLessThanOrEqualTo(4096);
        assertThat(sealer.seal(sized("x".repeat(free + 1)))).isEqualTo(new SealOutcome.TooBig(2896, 2895));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "wos-session",
                "wos-session-staging-eu",
                "__Host-a-name-of-nearly-sixty-four-characters-in-all-yes"
            })
    void noNameMakesACookieThatBrowsersDrop(String name) {
        var named = new SessionSealer(kit.keys, name, Duration.ofDays(7), kit.clock, new SecureRandom());
        int free = SessionSealer.budget(name) - sizeOf("");
        String value = SessionKit.value(named.seal(sized("x".repeat(free))));
        assertThat(value.length() + name.length()).isLessThanOrEqualTo(4096);
    }

    @Test
    void metadataAndPictureGoFirstWhenASessionIsTooBig() {
        var user = new UserJson(
                new UserId("user_1"),
                "{\"id\":\"user_1\",\"firstName\":\"Ada\",\"profilePictureUrl\":\"https://p/" + "p".repeat(1500)
                        + "\",\"metadata\":{\"a\":\"" + "m".repeat(1500) + "\"}}");
        SealOutcome outcome = sealer.seal(new SealedSession("a", "r", user, null, null, null));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        SealOutcome.Sealed.class,
                        small -> assertThat(small.trimmed()).isTrue());
        assertThat(opened(sealer.open(SessionKit.value(outcome)))
                        .session()
                        .user()
                        .json())
                .isEqualTo("{\"id\":\"user_1\",\"firstName\":\"Ada\",\"profilePictureUrl\":null,\"metadata\":{}}");
    }

    @Test
    void aSealEndsByItselfAlthoughTheBrowserStillHoldsTheCookie() {
        String cookie = kit.cookie("a.b.c");
        kit.clock.advance(Duration.ofDays(7).plusSeconds(59));
        assertThat(sealer.open(cookie)).isInstanceOf(OpenOutcome.Opened.class);
        kit.clock.advance(Duration.ofSeconds(1));
        assertThat(sealer.open(cookie)).isInstanceOf(OpenOutcome.Expired.class);
    }

    @Test
    void aChangedPasswordKeepsOldCookiesUntilItLeavesTheList() {
        String old = kit.cookie("a.b.c");
        String fresh = "the-next-cookie-password-of-enough-length";
        assertThat(opened(kit.sealer(CookieKeys.of(List.of(fresh, SessionKit.PASSWORD)))
                                .open(old))
                        .oldKey())
                .isTrue();
        assertThat(opened(sealer.open(old)).oldKey()).isFalse();
        assertThat(kit.sealer(CookieKeys.of(List.of(fresh))).open(old))
                .isEqualTo(new OpenOutcome.Unreadable(SealFault.INTEGRITY));
    }

    @Test
    void nothingSecretIsPrinted() {
        SealOutcome outcome = sealer.seal(SessionKit.session("secret-access", "user_1"));
        assertThat(outcome.toString() + SessionKit.session("secret-access", "user_1") + kit.keys)
                .doesNotContain("secret-access", "rt_1", SessionKit.PASSWORD, "Fe26");
    }

    private String raw(byte[] content) {
        return IronSeal.seal(content, kit.keys.secrets().getFirst(), (Instant) null, kit.random);
    }

    private static SealedSession sized(String accessToken) {
        return new SealedSession(
                accessToken,
                "rt",
                new UserJson(new UserId("user_1"), "{\"id\":\"user_1\",\"profilePictureUrl\":null,\"metadata\":{}}"),
                null,
                null,
                null);
    }

    private static int sizeOf(String accessToken) {
        return SessionJson.write(sized(accessToken)).length();
    }

    private static OpenOutcome.Opened opened(OpenOutcome outcome) {
        assertThat(outcome).isInstanceOf(OpenOutcome.Opened.class);
        return (OpenOutcome.Opened) outcome;
    }
}
