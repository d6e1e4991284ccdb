package dev.lockstep.starter;

import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.login.CodeExchange;
import dev.lockstep.session.refresh.RefreshOutcome;
import dev.lockstep.session.refresh.TokenRefresh;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.SigningKeySource;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.authentication.AuthenticationAnswer;
import dev.lockstep.workos.authentication.AuthenticationApi;
import dev.lockstep.workos.authentication.AuthenticationOutcome;
import dev.lockstep.workos.authentication.SigningKeysApi;
import dev.lockstep.workos.authentication.Visitor;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where two rooms that do not know each other meet: the ports of the session room, met by calls of the WorkOS room. */
final class WorkOsPorts {
    /** What ends a session; everything else that WorkOS may say to a refresh token keeps it. */
    private static final Set<String> TERMINAL = Set.of("invalid_grant", "sso_required", "mfa_enrollment");

    private WorkOsPorts() {}

    static SigningKeySource signingKeys(SigningKeysApi api) {
        return () -> {
            try {
                return api.document();
            } catch (WorkOsException e) {
                throw new SigningKeySource.Unreachable(e.problem().message(), retryAfter(e.problem()));
            }
        };
    }

    static TokenRefresh refresh(AuthenticationApi api) {
        return (refreshToken, organization) -> switch (api.withRefreshToken(
                refreshToken, organization, Visitor.UNKNOWN)) {
            case AuthenticationOutcome.Authenticated(AuthenticationAnswer answer) ->
                result(answer)
                        .<RefreshOutcome>map(RefreshOutcome.Refreshed::new)
                        .orElseGet(() ->
                                new RefreshOutcome.Transient("WorkOS answered with a user that cannot be read", null));
            case AuthenticationOutcome.Denied denied ->
                TERMINAL.contains(denied.errorCode())
                        ? new RefreshOutcome.Terminal(denied.errorCode())
                        : new RefreshOutcome.Declined(denied.errorCode());
            case AuthenticationOutcome.CannotTell(WorkOsProblem problem) ->
                new RefreshOutcome.Transient(problem.message(), retryAfter(problem));
        };
    }

    static CodeExchange codes(AuthenticationApi api) {
        return grant -> {
            Visitor visitor = new Visitor(grant.ipAddress(), grant.userAgent());
            return switch (api.withCode(grant.code(), grant.codeVerifier(), visitor)) {
                case AuthenticationOutcome.Authenticated(AuthenticationAnswer answer) ->
                    result(answer)
                            .orElseThrow(() -> new CodeExchange.Unavailable(
                                    "WorkOS answered with a user that cannot be read", true, null));
                case AuthenticationOutcome.Denied denied -> throw new CodeExchange.Refused(denied.errorCode());
                case AuthenticationOutcome.CannotTell(WorkOsProblem problem) ->
                    throw new CodeExchange.Unavailable(problem.message(), mayHaveArrived(problem), retryAfter(problem));
            };
        };
    }

    /** A lost or damaged answer does not say whether the code was spent. */
    private static boolean mayHaveArrived(WorkOsProblem problem) {
        return problem.mayHaveHappened();
    }

    /** Returns the answer in the session room's words; empty when its user is not one. */
    static Optional<AuthenticationResult> result(AuthenticationAnswer answer) {
        return UserJson.fromApi(answer.user().raw().toString())
                .map(user -> new AuthenticationResult(
                        answer.accessToken(),
                        answer.refreshToken(),
                        user,
                        answer.organizationId(),
                        answer.impersonator(),
                        answer.authenticationMethod()));
    }

    static @Nullable Duration retryAfter(WorkOsProblem problem) {
        return problem instanceof WorkOsProblem.RateLimited limited ? limited.retryAfter() : null;
    }
}
