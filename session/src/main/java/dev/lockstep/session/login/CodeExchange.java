package dev.lockstep.session.login;

import dev.lockstep.session.AuthenticationResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Trades an authorization code for tokens. A port: the HTTP call is made elsewhere, with a timeout of its own. */
@FunctionalInterface
public interface CodeExchange {

    /**
     * Spends a code once; never retries a call that may have arrived.
     *
     * @throws Refused if WorkOS clearly said no
     * @throws Unavailable if there was no answer that decides anything, our own bad API key included
     */
    AuthenticationResult exchange(Grant grant) throws Refused, Unavailable;

    /**
     * What is traded. Prints no secret.
     *
     * @param code the code as it came back
     * @param codeVerifier the PKCE secret of this attempt
     * @param ipAddress the visitor's address, or null
     * @param userAgent the visitor's browser, or null
     */
    record Grant(
            String code,
            String codeVerifier,
            @Nullable String ipAddress,
            @Nullable String userAgent) {
        @Override
        public String toString() {
            return "Grant[]";
        }
    }

    /** WorkOS will not take this code. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String code;

        /** @param code WorkOS's own code, such as {@code invalid_grant} */
        public Refused(String code) {
            super("WorkOS refused the code: " + code);
            this.code = code;
        }

        /** Returns WorkOS's own code. */
        public String code() {
            return code;
        }
    }

    /** Nobody can say now. */
    final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean mayHaveArrived;
        private final @Nullable Duration retryAfter;

        /**
         * @param reason one sentence for a log, without any secret
         * @param mayHaveArrived whether WorkOS may have seen the code, so that it must not be sent again
         * @param retryAfter how long the other side asked us to wait, or null
         */
        public Unavailable(String reason, boolean mayHaveArrived, @Nullable Duration retryAfter) {
            super(reason);
            this.mayHaveArrived = mayHaveArrived;
            this.retryAfter = retryAfter;
        }

        /** Returns whether WorkOS may have seen the code. */
        public boolean mayHaveArrived() {
            return mayHaveArrived;
        }

        /** Returns how long the other side asked us to wait, or null. */
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }
    }
}
