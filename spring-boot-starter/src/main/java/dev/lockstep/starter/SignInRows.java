package dev.lockstep.starter;

import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.sync.projection.LoginProjection;
import dev.lockstep.sync.projection.LoginProjection.Ensured;
import dev.lockstep.workos.object.WorkOsUser;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a finished sign-in meets the mirror. Trouble with the rows never stops a sign-in; a deleted user does. */
public final class SignInRows {
    private static final Logger LOG = LoggerFactory.getLogger(SignInRows.class);

    private final LoginProjection projection;

    public SignInRows(LoginProjection projection) {
        this.projection = projection;
    }

    /**
     * Makes sure that the person has rows.
     *
     * @param startedAt read from the clock before WorkOS was asked
     * @return false when the mirror knows that this user was deleted, so that nobody may come in under that id
     */
    public boolean ensure(AuthenticationResult result, AccessToken token, Instant startedAt) {
        WorkOsUser user = WorkOsUser.from(Snake.of(result.user().tree()));
        try {
            return switch (projection.ensure(new LoginProjection.SignIn(
                    user, token.session(), token.organizationId(), result.authenticationMethod(), startedAt))) {
                case Ensured.Ready ignored -> true;
                case Ensured.Deleted ignored -> false;
            };
        } catch (RuntimeException e) {
            LOG.warn(
                    "SYNC_LOGIN_ROWS_LATE the rows of a sign-in could not be written ({}); the sign-in goes on and the"
                            + " Events tail brings them",
                    e.getClass().getSimpleName());
            return true;
        }
    }
}
