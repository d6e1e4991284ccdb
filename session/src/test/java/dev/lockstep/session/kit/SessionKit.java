package dev.lockstep.session.kit;

import dev.lockstep.identity.UserId;
import dev.lockstep.session.CookieSettings;
import dev.lockstep.session.Revocations;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.SessionReader;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.SealOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.SigningKeys;
import dev.lockstep.session.token.TokenSettings;
import dev.lockstep.testing.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/** A whole reader with everything it stands on, at a clock that is moved by hand. */
public final class SessionKit {
    public static final String PASSWORD = "test-cookie-password-at-least-32-chars!!";
    public static final TokenMint MINT = TokenMint.withKey("key_1");

    public final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    public final SecureRandom random = new SecureRandom();
    public final CookieKeys keys = CookieKeys.of(List.of(PASSWORD));
    public final CookieSettings cookieSettings = CookieSettings.at("https://app.example.test");
    public final SessionCookies cookies = new SessionCookies(cookieSettings);
    public final FakeKeySource keySource = new FakeKeySource(MINT.document());
    public final AccessTokenVerifier verifier = new AccessTokenVerifier(
            new SigningKeys(keySource, clock), TokenSettings.of(TokenMint.CLIENT, List.of(TokenMint.ISSUER)), clock);
    public final Revocations revocations = new Revocations(clock, Duration.ofHours(25));
    public final SessionReader reader = readerWith(SessionReader.Settings.DEFAULT);

    public SessionReader readerWith(SessionReader.Settings settings) {
        return new SessionReader(sealer(keys), verifier, revocations, settings, clock);
    }

    public SessionSealer sealer(CookieKeys with) {
        return new SessionSealer(with, cookieSettings.name(), cookieSettings.maxAge(), clock, random);
    }

    public String cookie(String accessToken) {
        return cookie(session(accessToken, "user_1"));
    }

    public String cookie(SealedSession session) {
        return value(sealer(keys).seal(session));
    }

    public static String value(SealOutcome outcome) {
        return switch (outcome) {
            case SealOutcome.Sealed fits -> fits.value();
            case SealOutcome.TooBig big -> throw new AssertionError("does not fit: " + big);
        };
    }

    public static SealedSession session(String accessToken, String user) {
        return new SealedSession(accessToken, "rt_1", user(user), null, "Password", null);
    }

    public static UserJson user(String id) {
        return new UserJson(
                new UserId(id),
                "{\"object\":\"user\",\"id\":\"" + id + "\",\"createdAt\":\"2026-01-02T03:04:05.000Z\"}");
    }
}
