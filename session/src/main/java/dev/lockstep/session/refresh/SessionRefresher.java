package dev.lockstep.session.refresh;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.TokenFault;
import dev.lockstep.session.token.TokenOutcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews sessions: one call to WorkOS for each refresh token however many requests ask, in the organization the old
 * token was in, with the user as WorkOS knows them now. A failure never costs a session that still counts. Writes no
 * cookie. Safe for any number of threads; callers wait for the one call that is under way.
 */
public final class SessionRefresher {
    private static final Logger log = LoggerFactory.getLogger(SessionRefresher.class);
    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(5);

    private final TokenRefresh workos;
    private final AccessTokenVerifier verifier;
    private final RefreshFlights flights;
    private final @Nullable SharedFlights shared;

    /** Renews on one node; several nodes need the other constructor. */
    public SessionRefresher(TokenRefresh workos, AccessTokenVerifier verifier, InstantSource clock) {
        this(workos, verifier, clock, null);
    }

    /** @param shared how the nodes agree, or null on a single node */
    public SessionRefresher(
            TokenRefresh workos, AccessTokenVerifier verifier, InstantSource clock, @Nullable SharedFlights shared) {
        this.workos = workos;
        this.verifier = verifier;
        this.flights = new RefreshFlights(clock);
        this.shared = shared;
    }

    /** Renews what the reader found to need it. */
    public RenewalOutcome renew(SessionOutcome.NeedsRefresh needed) {
        return renew(needed.session(), needed.token(), needed.tokenStillValid(), null);
    }

    /** Renews a valid session ahead of time, because somebody asked for a fresh token. */
    public RenewalOutcome renewNow(SessionOutcome.Valid valid) {
        return renew(valid.session(), valid.token(), true, null);
    }

    /** Moves a session into another organization; {@link RenewalOutcome.Kept} says that it stayed where it was. */
    public RenewalOutcome switchTo(OrganizationId organization, SealedSession session, AccessToken token) {
        boolean stillValid = verifier.atPresent(token) instanceof TokenOutcome.Valid;
        return renew(session, token, stillValid, organization);
    }

    private RenewalOutcome renew(
            SealedSession session, AccessToken token, boolean stillValid, @Nullable OrganizationId requested) {
        String refreshToken = session.refreshToken();
        if (refreshToken == null) {
            var ended = new RenewalOutcome.Ended("no_refresh_token");
            return failed(session, token, stillValid, ended, "no refresh token", null);
        }
        OrganizationId organization = requested == null ? token.organizationId() : requested;
        String flight = RefreshFlights.key(refreshToken, organization);
        RefreshOutcome answer = flights.fly(flight, () -> ask(flight, refreshToken, organization));
        return switch (requested == null ? answer : ofSwitch(answer)) {
            case RefreshOutcome.Refreshed refreshed -> renewed(refreshed.result(), session, token, stillValid);
            case RefreshOutcome.Terminal terminal ->
                failed(
                        session,
                        token,
                        stillValid,
                        new RenewalOutcome.Ended(terminal.code()),
                        terminal.code(),
                        terminal.code());
            case RefreshOutcome.Declined declined -> {
                var unavailable = new RenewalOutcome.Unavailable(declined.code(), DEFAULT_PAUSE);
                yield failed(session, token, stillValid, unavailable, declined.code(), declined.code());
            }
            case RefreshOutcome.Transient failure -> {
                Duration asked = failure.retryAfter();
                var unavailable =
                        new RenewalOutcome.Unavailable(failure.reason(), asked == null ? DEFAULT_PAUSE : asked);
                yield failed(session, token, stillValid, unavailable, failure.reason(), null);
            }
        };
    }

    /** What another organization asks for, such as its own sign-in, does not end the session in this one. */
    private static RefreshOutcome ofSwitch(RefreshOutcome answer) {
        return answer instanceof RefreshOutcome.Terminal terminal
                        && !terminal.code().equals("invalid_grant")
                        && !terminal.code().equals(RenewalOutcome.REUSED)
                ? new RefreshOutcome.Declined(terminal.code())
                : answer;
    }

    private RefreshOutcome ask(String flight, String refreshToken, @Nullable OrganizationId organization) {
        return shared == null
                ? ask(refreshToken, organization)
                : shared.fly(flight, () -> ask(refreshToken, organization));
    }

    private RefreshOutcome ask(String refreshToken, @Nullable OrganizationId organization) {
        try {
            return workos.refresh(refreshToken, organization);
        } catch (RuntimeException broken) {
            log.error("the refresh call is broken", broken);
            return new RefreshOutcome.Transient(
                    "the refresh call failed with " + broken.getClass().getSimpleName(), null);
        }
    }

    private RenewalOutcome renewed(
            AuthenticationResult result, SealedSession old, AccessToken oldToken, boolean stillValid) {
        return switch (verifier.verifyFresh(result.accessToken())) {
            case TokenOutcome.Valid valid -> bound(result, valid.token(), oldToken);
            // The pair came straight from WorkOS and the old one is spent: to lose it would end the session.
            case TokenOutcome.CannotVerify cannot -> {
                Optional<AccessToken> claims = AccessTokenVerifier.claimsWithoutProof(result.accessToken());
                yield claims.isPresent()
                        ? bound(result, claims.get(), oldToken)
                        : new RenewalOutcome.Unavailable(cannot.reason(), cannot.retryAfter());
            }
            case TokenOutcome.Expired expired -> refused(old, oldToken, stillValid, "expired");
            case TokenOutcome.Invalid invalid -> refused(old, oldToken, stillValid, label(invalid.fault()));
        };
    }

    private static RenewalOutcome bound(AuthenticationResult result, AccessToken fresh, AccessToken old) {
        boolean sameUser =
                result.user().id().equals(fresh.user()) && fresh.user().equals(old.user());
        return sameUser
                ? new RenewalOutcome.Renewed(result.toSession(), fresh)
                : new RenewalOutcome.Ended("user_mismatch");
    }

    /** A token that WorkOS itself just made and we refuse is a fault of settings or keys, not of the visitor. */
    private static RenewalOutcome refused(SealedSession old, AccessToken token, boolean stillValid, String fault) {
        log.error("WorkOS renewed a session with a token we refuse: {}; check client id, issuers and clock", fault);
        String reason = "the renewed token was refused: " + fault;
        return failed(old, token, stillValid, new RenewalOutcome.Unavailable(reason, DEFAULT_PAUSE), reason, null);
    }

    private static RenewalOutcome failed(
            SealedSession session,
            AccessToken token,
            boolean stillValid,
            RenewalOutcome otherwise,
            String reason,
            @Nullable String refusal) {
        return stillValid ? new RenewalOutcome.Kept(session, token, reason, refusal) : otherwise;
    }

    private static String label(TokenFault fault) {
        return fault.name().toLowerCase(Locale.ROOT);
    }
}
