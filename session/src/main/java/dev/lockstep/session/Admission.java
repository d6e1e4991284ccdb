package dev.lockstep.session;

import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who comes with one request, and which cookies go back with its answer. */
public sealed interface Admission {

    /** How a session came through. */
    enum How {
        /** As it was. */
        VALID,
        /** With a new token. */
        RENEWED,
        /** It could not be renewed now, and its token still counts. */
        KEPT
    }

    /** What was wrong with a session. */
    enum Loss {
        /** None came. */
        NONE,
        /** It has run out. */
        EXPIRED,
        /** It is not one of ours. */
        TAMPERED,
        /** It was ended here or elsewhere. */
        REVOKED,
        /** WorkOS will not renew it. */
        ENDED
    }

    /**
     * Somebody. The answer must not be kept by any cache.
     *
     * @param how what became of the session on the way
     * @param setCookies {@code Set-Cookie} values, each its own header, to be added before the answer is written
     */
    record SignedIn(SealedSession session, AccessToken token, How how, List<String> setCookies) implements Admission {
        public SignedIn {
            setCookies = List.copyOf(setCookies);
        }

        @Override
        public String toString() {
            return "SignedIn[" + token.user() + "]";
        }
    }

    /**
     * Nobody.
     *
     * @param loss what was wrong with the session that came
     * @param why why the session that came is worth nothing, as a stable label; null when none came
     * @param setCookies {@code Set-Cookie} values that take it away
     */
    record Nobody(Loss loss, @Nullable String why, List<String> setCookies) implements Admission {
        public Nobody {
            setCookies = List.copyOf(setCookies);
        }
    }

    /**
     * Nobody can say now. Keep the cookie, answer 503 where somebody is needed.
     *
     * @param reason one sentence for a log
     */
    record CannotTell(String reason, Duration retryAfter) implements Admission {}
}
