package dev.lockstep.live.connection;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.wire.ClientMessage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Decides whom a token speaks for. Thread-safe; may block, for instance on fetching keys. */
@FunctionalInterface
public interface CallerAuthority {
    /** Looks at a token as a browser sent it; never writes it anywhere. */
    Verdict authenticate(String token);

    /** Looks at what a socket shows; null when it wants to speak for nobody. */
    default @Nullable Verdict judge(ClientMessage.Token token) {
        return switch (token) {
            case ClientMessage.Token.None none -> null;
            case ClientMessage.Token.Admin admin -> new Verdict.Refused("Administrators' keys are not accepted here.");
            case ClientMessage.Token.User user -> authenticate(user.value());
        };
    }

    /** The decision. */
    sealed interface Verdict {
        /**
         * The token is good.
         *
         * @param caller whom it speaks for
         * @param expiresAt when it ends
         * @param issuedAt when it was made
         */
        record Accepted(Caller.SignedIn caller, Instant expiresAt, Instant issuedAt) implements Verdict {}

        /** The token is not good; the sentence reaches the browser. */
        record Refused(String sentence) implements Verdict {}

        /** It cannot be known now, for instance because keys cannot be fetched. The sentence goes to the log only. */
        record CannotVerify(String sentence) implements Verdict {}
    }
}
