package dev.lockstep.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.SessionId;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.sealing.CookieKeys;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsrfTokensTest {
    private static final SessionId MINE = new SessionId("session_1");

    private final CsrfTokens tokens = new CsrfTokens(CookieKeys.of(List.of(SessionKit.PASSWORD)));

    @Test
    void aTokenIsGoodForItsOwnSessionOnly() {
        String token = tokens.tokenFor(MINE);
        assertThat(tokens.isValid(MINE, token)).isTrue();
        assertThat(tokens.isValid(new SessionId("session_2"), token)).isFalse();
        assertThat(tokens.isValid(MINE, null)).isFalse();
        assertThat(tokens.isValid(MINE, "")).isFalse();
        assertThat(tokens.isValid(MINE, token + "x")).isFalse();
        assertThat(tokens.isValid(MINE, token.toUpperCase(java.util.Locale.ROOT)))
                .isFalse();
    }

    @Test
    void aChangedPasswordKeepsTheTokensOfOpenPages() {
        String fresh = "the-next-cookie-password-of-enough-length";
        CsrfTokens after = new CsrfTokens(CookieKeys.of(List.of(fresh, SessionKit.PASSWORD)));
        assertThat(after.isValid(MINE, tokens.tokenFor(MINE))).isTrue();
        assertThat(after.tokenFor(MINE)).isNotEqualTo(tokens.tokenFor(MINE));
        assertThat(tokens.isValid(MINE, after.tokenFor(MINE))).isFalse();
    }
}
