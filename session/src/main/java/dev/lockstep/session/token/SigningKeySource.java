package dev.lockstep.session.token;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where the signing keys come from. A port: the HTTP call is made elsewhere, with a timeout of its own. */
@FunctionalInterface
public interface SigningKeySource {

    /**
     * Fetches the key document ({@code /sso/jwks/{clientId}}) once, without caching.
     *
     * @return the JSON text as it came
     * @throws Unreachable if there was no proper answer in time
     */
    String fetch() throws Unreachable;

    /** The keys could not be fetched now. Says nothing about any token. */
    final class Unreachable extends Exception {
        private static final long serialVersionUID = 1L;

        private final @Nullable Duration retryAfter;

        /**
         * @param reason one sentence for a log, without any secret
         * @param retryAfter how long the other side asked us to wait, or null
         */
        public Unreachable(String reason, @Nullable Duration retryAfter) {
            super(reason);
            this.retryAfter = retryAfter;
        }

        /** Returns how long the other side asked us to wait, or null. */
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }
    }
}
