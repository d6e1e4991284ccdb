package dev.lockstep.session.token;

import static dev.lockstep.session.kit.SessionKit.MINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.kit.TokenMint;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The last value that is taken and the first that is not, for every limit of a token. */
class TokenBoundsTest {
    private final SessionKit kit = new SessionKit();
    private final Instant now = kit.clock.instant();

    private TokenOutcome verify(Consumer<Map<String, Object>> change) {
        return kit.verifier.verify(MINT.token(now, change));
    }

    private static TokenOutcome invalid(TokenFault fault) {
        return new TokenOutcome.Invalid(fault);
    }

    @Test
    void aTokenLivesADayAtMost() {
        assertThat(verify(claims -> claims.put("exp", now.getEpochSecond() + 86_400)))
                .isInstanceOf(TokenOutcome.Valid.class);
        assertThat(verify(claims -> claims.put("exp", now.getEpochSecond() + 86_401)))
                .isEqualTo(invalid(TokenFault.LIFETIME));
    }

    @Test
    void itsBeginningMayBeThirtySecondsAhead() {
        for (String name : new String[] {"nbf", "iat"}) {
            assertThat(verify(claims -> claims.put(name, now.getEpochSecond() + 30)))
                    .as(name)
                    .isInstanceOf(TokenOutcome.Valid.class);
            assertThat(verify(claims -> claims.put(name, now.getEpochSecond() + 31)))
                    .as(name)
                    .isEqualTo(invalid(TokenFault.NOT_YET_VALID));
        }
    }

    @Test
    void itEndsThirtySecondsAfterItsEnd() {
        String token = MINT.token(now);
        kit.clock.advance(Duration.ofSeconds(330).minusMillis(1));
        assertThat(kit.verifier.verify(token)).isInstanceOf(TokenOutcome.Valid.class);
        kit.clock.advance(Duration.ofMillis(1));
        assertThat(kit.verifier.verify(token)).isInstanceOf(TokenOutcome.Expired.class);
    }

    @Test
    void namesAreTakenUpToTheirLength() {
        assertThat(verify(claims -> claims.put("sub", "u".repeat(255)))).isInstanceOf(TokenOutcome.Valid.class);
        assertThat(verify(claims -> claims.put("sub", "u".repeat(256)))).isEqualTo(invalid(TokenFault.CLAIMS));
        TokenOutcome roles = verify(
                claims -> claims.put("roles", java.util.List.of("r".repeat(255), "r".repeat(256), " ", "member")));
        assertThat(((TokenOutcome.Valid) roles).token().roles())
                .extracting(role -> role.value())
                .containsExactlyInAnyOrder("r".repeat(255), "member");
    }

    @Test
    void aTokenIsReadUpToItsLongest() {
        String short1 = padded(100);
        int overhead = short1.length();
        // Base64 turns three bytes into four characters, so the length can be met to within four.
        String fits = padded(100 + (LONGEST - overhead) / 4 * 3);
        assertThat(fits.length()).isBetween(LONGEST - 3, LONGEST);
        assertThat(kit.verifier.verify(fits)).isInstanceOf(TokenOutcome.Valid.class);
        assertThat(AccessTokenVerifier.claimsWithoutProof(fits)).isPresent();
        String tooLong = padded(106 + (LONGEST - overhead) / 4 * 3);
        assertThat(kit.verifier.verify(tooLong)).isEqualTo(invalid(TokenFault.TOO_LONG));
        assertThat(AccessTokenVerifier.claimsWithoutProof(tooLong)).isEmpty();
    }

    private static final int LONGEST = AccessTokenVerifier.LONGEST;

    private String padded(int characters) {
        return MINT.token(now, claims -> claims.put("padding", "x".repeat(characters)));
    }

    @Test
    void anAddressMayEndWithASlashAndTheLeewayMayBeAnother() {
        var settings = TokenSettings.of(TokenMint.CLIENT, java.util.List.of("https://auth.example.test/"));
        assertThat(settings.issuers())
                .containsExactlyInAnyOrder(
                        "https://auth.example.test",
                        "https://auth.example.test/",
                        "https://auth.example.test/user_management/" + TokenMint.CLIENT);
        assertThat(settings.withLeeway(Duration.ofSeconds(60)).leeway()).isEqualTo(Duration.ofSeconds(60));
    }
}
