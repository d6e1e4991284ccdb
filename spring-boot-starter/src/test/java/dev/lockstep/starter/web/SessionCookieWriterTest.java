package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.CookieSettings;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.keeping.SessionKeeper;
import dev.lockstep.session.keeping.StoredSessions;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.starter.TestTokens;
import dev.lockstep.testing.SettableClock;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What happens to the cookie and the row of a session when it begins, goes on and ends. */
class SessionCookieWriterTest {
    private static final TestTokens TOKENS = new TestTokens();

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final CookieSettings settings = CookieSettings.at("https://app.example.test");
    private final CookieKeys keys = CookieKeys.of(List.of("a-cookie-password-of-more-than-32-characters"));
    private final Map<String, StoredSessions.Row> rows = new HashMap<>();
    private boolean down;
    private final SessionKeeper keeper = SessionKeeper.with(
            new SessionSealer(keys, settings.name(), settings.maxAge(), clock, new SecureRandom()),
            keys,
            new Table(),
            SessionKeeper.Place.ALWAYS,
            settings.maxAge(),
            new SessionKeeper.Sources(clock, new SecureRandom()));
    private final SessionCookieWriter writer = new SessionCookieWriter(keeper, new SessionCookies(settings));
    private final MockHttpServletRequest request = new MockHttpServletRequest();
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    private final class Table implements StoredSessions {
        @Override
        public void save(Row row) throws Unavailable {
            if (down) {
                throw new Unavailable("the table is away");
            }
            rows.put(row.key(), row);
        }

        @Override
        public Optional<byte[]> find(String key) {
            return Optional.ofNullable(rows.get(key)).map(Row::sealed);
        }

        @Override
        public void remove(String key) {
            rows.remove(key);
        }
    }

    private final SealedSession session = new SealedSession(
            TOKENS.token("user_1", "session_1", clock.instant(), Map.of()),
            "rt_1",
            UserJson.parse("{\"id\":\"user_1\"}").orElseThrow(),
            null,
            null,
            null);
    private final AccessToken token =
            AccessTokenVerifier.claimsWithoutProof(session.accessToken()).orElseThrow();

    private String written() {
        assertThat(response.getHeader("Cache-Control")).contains("no-store");
        List<String> all = response.getHeaders("Set-Cookie");
        return all.getLast().replaceFirst("wos-session=([^;]*).*", "$1");
    }

    private void bring(String value) {
        request.removeHeader("Cookie");
        request.addHeader("Cookie", "wos-session=" + value);
    }

    @Test
    void aSessionBeginsUnderAReferenceOfItsOwnAndTheOneBeforeIsForgotten() {
        assertThat(writer.begin(session, token, request, response)).isTrue();
        String first = written();
        bring(first);
        assertThat(writer.begin(session, token, request, response)).isTrue();
        assertThat(written()).isNotEqualTo(first);
        assertThat(rows).hasSize(1);
        assertThat(keeper.open(first)).isInstanceOf(dev.lockstep.session.sealing.OpenOutcome.Expired.class);
    }

    @Test
    void aSessionThatCannotBeKeptIsSaidToBeSoAndTheOneBeforeGoesOn() {
        writer.begin(session, token, request, response);
        String before = written();
        bring(before);
        var later = new MockHttpServletResponse();
        down = true;
        assertThat(writer.begin(session, token, request, later)).isFalse();
        assertThat(writer.renew(session, token, request, later)).isFalse();
        assertThat(later.getHeaders("Set-Cookie")).isEmpty();
        assertThat(rows).hasSize(1);
    }

    @Test
    void aRenewedSessionGoesOnInItsRow() {
        writer.begin(session, token, request, response);
        bring(written());
        assertThat(writer.renew(session, token, request, response)).isTrue();
        assertThat(rows).hasSize(1);
        request.addHeader("Cookie", "wos-session=another");
        assertThat(writer.renew(session, token, request, response)).isTrue();
        assertThat(rows).as("of two cookies neither is gone on with").hasSize(2);
    }

    @Test
    void anEndedSessionLeavesTheTableAndTheBrowser() {
        writer.begin(session, token, request, response);
        bring(written());
        var end = new MockHttpServletResponse();
        writer.end(request, end);
        assertThat(rows).isEmpty();
        assertThat(end.getHeaders("Set-Cookie")).singleElement().asString().contains("wos-session=;", "Max-Age=0");
        assertThat(end.getHeader("Cache-Control")).contains("no-store");
    }
}
