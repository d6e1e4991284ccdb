package dev.lockstep.session.login;

import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.TokenOutcome;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges what WorkOS just handed us for a code, a password or any other grant, before it becomes a session: the token
 * must hold and speak for the user beside it. Safe for any number of threads.
 */
public final class Arrivals {
    private static final Logger log = LoggerFactory.getLogger(Arrivals.class);

    private final AccessTokenVerifier verifier;

    public Arrivals(AccessTokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** The verdict. */
    public sealed interface Verdict {}

    /** It may become a session. */
    public record Welcome(AccessToken token) implements Verdict {}

    /** It may not. */
    public record Unwelcome(LoginFault fault) implements Verdict {}

    /** Judges an answer that came straight from WorkOS. */
    public Verdict judge(AuthenticationResult result) {
        return switch (verifier.verifyFresh(result.accessToken())) {
            case TokenOutcome.Valid valid -> bound(result, valid.token());
            // The token came straight from WorkOS; the reader proves it as soon as the keys can be reached.
            case TokenOutcome.CannotVerify cannot ->
                AccessTokenVerifier.claimsWithoutProof(result.accessToken())
                        .map(claims -> bound(result, claims))
                        .orElseGet(() -> new Unwelcome(LoginFault.TOKEN_REFUSED));
            case TokenOutcome.Expired expired -> refused("expired");
            case TokenOutcome.Invalid invalid -> refused(invalid.fault().name().toLowerCase(Locale.ROOT));
        };
    }

    private static Verdict bound(AuthenticationResult result, AccessToken token) {
        return result.user().id().equals(token.user()) ? new Welcome(token) : new Unwelcome(LoginFault.USER_MISMATCH);
    }

    private static Verdict refused(String fault) {
        log.error("WorkOS signed somebody in with a token we refuse: {}; check client id, issuers and clock", fault);
        return new Unwelcome(LoginFault.TOKEN_REFUSED);
    }
}
