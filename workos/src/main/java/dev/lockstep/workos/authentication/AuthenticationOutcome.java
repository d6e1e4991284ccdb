package dev.lockstep.workos.authentication;

import dev.lockstep.workos.WorkOsProblem;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking WorkOS for tokens. {@link Denied} is a verdict about the person; {@link CannotTell} is not, and
 * must never end a session.
 */
public sealed interface AuthenticationOutcome {

    /** Tokens. */
    record Authenticated(AuthenticationAnswer answer) implements AuthenticationOutcome {}

    /**
     * WorkOS decided against it, for good: the code is used, the session is over, or more is asked of the person.
     *
     * @param errorCode as WorkOS names it, for example {@code invalid_grant} or {@code sso_required}
     * @param status the HTTP status, 400 to 499
     * @param challenge what the person has to do next, or null when there is nothing to go on with
     */
    record Denied(String errorCode, int status, @Nullable Challenge challenge) implements AuthenticationOutcome {
        /** A refusal without a next step. */
        public Denied(String errorCode, int status) {
            this(errorCode, status, null);
        }
    }

    /**
     * No verdict: WorkOS could not be asked, or our own installation is at fault.
     *
     * @param problem why
     */
    record CannotTell(WorkOsProblem problem) implements AuthenticationOutcome {}
}
