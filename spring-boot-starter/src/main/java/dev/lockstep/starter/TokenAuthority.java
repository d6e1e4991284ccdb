package dev.lockstep.starter;

import dev.lockstep.live.connection.CallerAuthority;
import dev.lockstep.session.Revocations;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.TokenOutcome;

/** Lets a socket in with the same tokens that the session cookie holds, judged by the same rules. */
final class TokenAuthority implements CallerAuthority {
    private final AccessTokenVerifier verifier;
    private final Revocations revocations;

    TokenAuthority(AccessTokenVerifier verifier, Revocations revocations) {
        this.verifier = verifier;
        this.revocations = revocations;
    }

    @Override
    public Verdict authenticate(String token) {
        return switch (verifier.verify(token)) {
            case TokenOutcome.Valid(AccessToken valid) ->
                revocations.isRevoked(valid)
                        ? new Verdict.Refused("The session has ended. Sign in again.")
                        : new Verdict.Accepted(valid.caller(), valid.expiresAt(), valid.issuedAt());
            case TokenOutcome.Expired ignored -> new Verdict.Refused("The token has expired. Fetch a new one.");
            case TokenOutcome.Invalid ignored -> new Verdict.Refused("The token is not valid. Sign in again.");
            case TokenOutcome.CannotVerify cannot -> new Verdict.CannotVerify(cannot.reason());
        };
    }
}
