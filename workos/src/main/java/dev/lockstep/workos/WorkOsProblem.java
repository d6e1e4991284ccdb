package dev.lockstep.workos;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a call to WorkOS gave no answer that can be used. It is what a caller switches on; {@link WorkOsException} only
 * carries it. None of its texts ever holds a key, a token, an e-mail address or a piece of a body.
 */
public sealed interface WorkOsProblem {

    /** Returns the stable code, the same in logs, in the documentation and in error answers. */
    String code();

    /** Returns one sentence and the next step for whoever runs the program. */
    String message();

    /**
     * Returns true when the same call may succeed later without anybody changing anything; false means that WorkOS has
     * decided, and that asking again is useless.
     */
    boolean isTransient();

    /**
     * Returns true when WorkOS may have carried the call out all the same, for example used up a code; false only when
     * it is certain that nothing happened.
     */
    boolean mayHaveHappened();

    /**
     * No usable connection or no answer in time: says nothing about whether WorkOS carried the call out.
     *
     * @param what the kind of failure, for example {@code timeout}
     * @param attempts how many times the call was tried
     */
    record Unreachable(String what, int attempts) implements WorkOsProblem {
        static final String NOT_CONNECTED = "connect";

        @Override
        public String code() {
            return "WORKOS_UNREACHABLE";
        }

        @Override
        public String message() {
            return "WorkOS could not be reached (" + what + ", attempt " + attempts
                    + " was the last); check the network and the status page of WorkOS.";
        }

        @Override
        public boolean isTransient() {
            return true;
        }

        @Override
        public boolean mayHaveHappened() {
            return !what.equals(NOT_CONNECTED);
        }
    }

    /**
     * WorkOS answered, but with a failure of its own: a 5xx, a 408, or something in front of it that answered in its
     * place.
     *
     * @param status the HTTP status
     * @param attempts how many times the call was tried
     */
    record Unavailable(int status, int attempts) implements WorkOsProblem {
        @Override
        public String code() {
            return "WORKOS_UNAVAILABLE";
        }

        @Override
        public String message() {
            return "WorkOS answered with status " + status + " (attempt " + attempts
                    + " was the last); it heals by itself, see the status page of WorkOS if it lasts.";
        }

        @Override
        public boolean isTransient() {
            return true;
        }

        @Override
        public boolean mayHaveHappened() {
            return true;
        }
    }

    /**
     * Too many calls: either WorkOS said 429, or our own budget could not give a place before the deadline.
     *
     * @param retryAfter how long to wait before the next try, already capped
     */
    record RateLimited(Duration retryAfter) implements WorkOsProblem {
        @Override
        public String code() {
            return "WORKOS_RATE_LIMITED";
        }

        @Override
        public String message() {
            return "The rate limit of WorkOS is used up; try again in " + retryAfter.toSeconds() + " s.";
        }

        @Override
        public boolean isTransient() {
            return true;
        }

        @Override
        public boolean mayHaveHappened() {
            return false;
        }
    }

    /**
     * WorkOS understood the call and said no: the only problem that is a verdict on what was asked.
     *
     * @param status the HTTP status, 400 to 499
     * @param errorCode the OAuth {@code error} or the {@code code} of the body, or null when there was none
     */
    record Refused(int status, @Nullable String errorCode) implements WorkOsProblem {
        @Override
        public String code() {
            return "WORKOS_REFUSED";
        }

        @Override
        public String message() {
            return "WorkOS refused the call with status " + status + " and code "
                    + (errorCode == null ? "none" : errorCode) + "; the request has to change.";
        }

        @Override
        public boolean isTransient() {
            return false;
        }

        @Override
        public boolean mayHaveHappened() {
            return false;
        }
    }

    /**
     * Our own API key or client id was not accepted: a mistake of the installation, never a reason to sign anybody out.
     *
     * @param status 401 or 403
     */
    record UnauthorizedKey(int status) implements WorkOsProblem {
        @Override
        public String code() {
            return "WORKOS_KEY_REFUSED";
        }

        @Override
        public String message() {
            return "WorkOS did not accept the API key (status " + status
                    + "); check WORKOS_API_KEY and WORKOS_CLIENT_ID, and that both belong to one environment.";
        }

        @Override
        public boolean isTransient() {
            return true;
        }

        @Override
        public boolean mayHaveHappened() {
            return false;
        }
    }

    /**
     * The answer came with a good status and is not what WorkOS documents: a proxy's page, a cut body, a missing id.
     *
     * @param reason what is wrong with it, without any of its content
     */
    record MalformedAnswer(String reason) implements WorkOsProblem {
        @Override
        public String code() {
            return "WORKOS_MALFORMED_ANSWER";
        }

        @Override
        public String message() {
            return "The answer of WorkOS cannot be used: " + reason
                    + "; check that the base URL leads to WorkOS itself.";
        }

        @Override
        public boolean isTransient() {
            return true;
        }

        @Override
        public boolean mayHaveHappened() {
            return true;
        }
    }
}
