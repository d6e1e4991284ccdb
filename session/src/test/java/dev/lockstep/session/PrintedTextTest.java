package dev.lockstep.session;

import static dev.lockstep.session.kit.SessionKit.MINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.keeping.KeepOutcome;
import dev.lockstep.session.keeping.StoredSessions;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.login.CallbackRequest;
import dev.lockstep.session.login.LoginRequest;
import dev.lockstep.session.login.LoginStart;
import dev.lockstep.session.refresh.RefreshClaims;
import dev.lockstep.session.sealing.RestSeal;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.session.token.AccessTokenVerifier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is printed names ids and sizes; nothing that could be used. */
class PrintedTextTest {
    private static final String SECRET = "secret";
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    static Stream<Arguments> printed() {
        String jwt = MINT.token(NOW);
        AccessToken token = AccessTokenVerifier.claimsWithoutProof(jwt).orElseThrow();
        var person = SessionKit.user("user_1");
        var session = new SealedSession(jwt, SECRET, person, new Impersonator(SECRET, SECRET), null, null);
        return Stream.of(
                Arguments.of(new SessionCookies.Pair("name", SECRET), "Pair[name]"),
                Arguments.of(
                        new AuthenticationResult(jwt, SECRET, person, null, null, SECRET),
                        "AuthenticationResult[user_1]"),
                Arguments.of(
                        new Admission.SignedIn(session, token, Admission.How.VALID, List.of(SECRET)),
                        "SignedIn[user_1]"),
                Arguments.of(token, "AccessToken[user_1, session_1, until 2026-11-21T10:05:00Z]"),
                Arguments.of(new KeepOutcome.Kept(SECRET, true), "Kept[6 characters, onServer=true]"),
                Arguments.of(
                        new StoredSessions.Row(
                                SECRET, new SessionId("session_1"), new UserId("user_1"), new byte[3], NOW, NOW),
                        "Row[session_1]"),
                Arguments.of(
                        new CallbackRequest(Map.of("code", List.of(SECRET)), List.of(SECRET), SECRET, SECRET),
                        "CallbackRequest[code]"),
                Arguments.of(new LoginStart(SECRET, List.of(SECRET)), "LoginStart[1 cookies]"),
                Arguments.of(LoginRequest.to("/" + SECRET).withLoginHint(SECRET), "LoginRequest[login_hint]"),
                Arguments.of(new RefreshClaims.Answered(new byte[7]), "Answered[7 bytes]"),
                Arguments.of(new RestSeal.Opened(new byte[7], true), "Opened[oldKey=true]"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("printed")
    void namesOnlyWhatMayBeKnown(Object value, String text) {
        assertThat(value).hasToString(text);
    }
}
