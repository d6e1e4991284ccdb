package dev.lockstep.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lockstep.identity.SessionId;
import dev.lockstep.session.sealing.OpenOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionOpener;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.TokenFault;
import dev.lockstep.session.token.TokenOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says who is calling: opens the session cookie, believes or disbelieves its token, and minds what has been revoked.
 * Calls nobody but the key source. Remembers the cookies it has proved, so that the next request with one costs a
 * look-up; time, revocation and a change of the signing keys are looked at every time. Safe for any number of threads.
 */
public final class SessionReader {
    private static final Duration SEAL_SKEW = Duration.ofMinutes(1);
    private static final Duration STORE_PAUSE = Duration.ofSeconds(3);
    private static final Duration SHORT_LIFE = Duration.ofMinutes(5);

    private final SessionOpener opener;
    private final AccessTokenVerifier verifier;
    private final Revocations revocations;
    private final Settings settings;
    private final InstantSource clock;
    private final Cache<String, Proved> proved;

    public SessionReader(
            SessionOpener opener,
            AccessTokenVerifier verifier,
            Revocations revocations,
            Settings settings,
            InstantSource clock) {
        this.opener = opener;
        this.verifier = verifier;
        this.revocations = revocations;
        this.settings = settings;
        this.clock = clock;
        this.proved = Caffeine.newBuilder()
                .maximumSize(settings.rememberedCookies())
                .expireAfterAccess(Duration.ofMinutes(15))
                .executor(Runnable::run)
                .build();
    }

    /**
     * How the reader behaves.
     *
     * @param refreshWindow how long before its end a token is renewed ahead of time; half of it for tokens that live
     *     five minutes or less; zero never renews ahead
     * @param rememberedCookies how many proved cookies are kept, each some 6 KB; zero keeps none
     * @param idle how long a session may go unused, to within the life of one token; zero sets no limit beside the
     *     cookie's own
     */
    public record Settings(Duration refreshWindow, int rememberedCookies, Duration idle) {
        /** A minute ahead, four thousand cookies, and no limit beside the cookie's own. */
        public static final Settings DEFAULT = new Settings(Duration.ofMinutes(1), 4_000, Duration.ZERO);

        /** Without a limit beside the cookie's own. */
        public Settings(Duration refreshWindow, int rememberedCookies) {
            this(refreshWindow, rememberedCookies, Duration.ZERO);
        }

        /** The same with another limit for sessions that nobody uses. */
        public Settings withIdle(Duration limit) {
            return new Settings(refreshWindow, rememberedCookies, limit);
        }
    }

    /** A cookie whose seal and token have been proved under one generation of keys. */
    private record Proved(
            SealedSession session,
            AccessToken token,
            boolean oldKey,
            @Nullable Instant sealEnds,
            long keyGeneration) {}

    /**
     * Judges the session of one request. Never throws on what it is given.
     *
     * @param cookieValues the values of the session cookie, see {@link SessionCookies#sessionValues}
     */
    public SessionOutcome read(List<String> cookieValues) {
        if (cookieValues.size() > 1) {
            return new SessionOutcome.Tampered("cookie.duplicate");
        }
        if (cookieValues.isEmpty() || cookieValues.getFirst().isEmpty()) {
            return new SessionOutcome.Absent();
        }
        String value = cookieValues.getFirst();
        long generation = verifier.keyGeneration();
        Proved known = proved.getIfPresent(value);
        if (known == null || known.keyGeneration() != generation) {
            return open(value, generation);
        }
        SessionOutcome outcome = judge(known);
        // What a reference stands for may have been renewed by another node since it was remembered here.
        return outcome instanceof SessionOutcome.NeedsRefresh && opener.isReference(value)
                ? open(value, generation)
                : outcome;
    }

    /**
     * Returns the session a cookie is about, whatever its token is worth, as long as the seal is ours: signing out must
     * reach WorkOS although a token has run out or cannot be verified now.
     */
    public Optional<SessionId> sessionToEnd(List<String> cookieValues) {
        if (cookieValues.size() != 1) {
            return Optional.empty();
        }
        return switch (opener.open(cookieValues.getFirst())) {
            case OpenOutcome.Opened opened ->
                AccessTokenVerifier.claimsWithoutProof(opened.session().accessToken())
                        .map(AccessToken::session);
            case OpenOutcome.Unavailable unavailable -> Optional.of(unavailable.session());
            case OpenOutcome.Expired expired -> Optional.empty();
            case OpenOutcome.Unreadable unreadable -> Optional.empty();
        };
    }

    private SessionOutcome open(String value, long generation) {
        return switch (opener.open(value)) {
            case OpenOutcome.Expired expired -> new SessionOutcome.Expired();
            case OpenOutcome.Unreadable unreadable -> new SessionOutcome.Tampered("seal." + label(unreadable.fault()));
            case OpenOutcome.Opened opened -> prove(value, opened, generation);
            case OpenOutcome.Unavailable unavailable ->
                revocations.isRevoked(unavailable.session())
                        ? new SessionOutcome.Revoked(unavailable.session())
                        : new SessionOutcome.CannotVerify(unavailable.reason(), STORE_PAUSE);
        };
    }

    private SessionOutcome prove(String value, OpenOutcome.Opened opened, long generation) {
        return switch (verifier.verify(opened.session().accessToken())) {
            case TokenOutcome.Valid valid -> remember(value, opened, valid.token(), generation);
            case TokenOutcome.Expired expired -> remember(value, opened, expired.token(), generation);
            case TokenOutcome.Invalid invalid -> invalid(opened.session(), invalid.fault());
            case TokenOutcome.CannotVerify cannot ->
                new SessionOutcome.CannotVerify(cannot.reason(), cannot.retryAfter());
        };
    }

    private SessionOutcome remember(String value, OpenOutcome.Opened opened, AccessToken token, long generation) {
        if (!opened.session().user().id().equals(token.user())) {
            return new SessionOutcome.Tampered("user.mismatch");
        }
        var known = new Proved(opened.session(), token, opened.oldKey(), opened.expiresAt(), generation);
        if (settings.rememberedCookies() > 0) {
            proved.put(value, known);
        }
        return judge(known);
    }

    /** The seal is ours, so a token under a withdrawn key is stale rather than forged: renew it. */
    private SessionOutcome invalid(SealedSession session, TokenFault fault) {
        if (fault == TokenFault.UNKNOWN_KEY) {
            Optional<AccessToken> claims = AccessTokenVerifier.claimsWithoutProof(session.accessToken());
            if (claims.isPresent() && session.user().id().equals(claims.get().user())) {
                return revocations.isRevoked(claims.get())
                        ? new SessionOutcome.Revoked(claims.get().session())
                        : renewable(session, claims.get());
            }
        }
        return new SessionOutcome.Tampered("token." + label(fault));
    }

    private SessionOutcome judge(Proved known) {
        AccessToken token = known.token();
        if (revocations.isRevoked(token)) {
            return new SessionOutcome.Revoked(token.session());
        }
        Instant now = clock.instant();
        Instant sealEnds = known.sealEnds();
        if (sealEnds != null && !now.isBefore(sealEnds.plus(SEAL_SKEW))) {
            return new SessionOutcome.Expired();
        }
        return switch (verifier.atPresent(token)) {
            case TokenOutcome.Valid valid ->
                endsSoon(token, now) && known.session().refreshToken() != null
                        ? new SessionOutcome.NeedsRefresh(known.session(), token, true)
                        : new SessionOutcome.Valid(known.session(), token, known.oldKey());
            case TokenOutcome.Expired expired -> renewable(known.session(), token);
            case TokenOutcome.Invalid invalid -> new SessionOutcome.Tampered("token." + label(invalid.fault()));
            case TokenOutcome.CannotVerify cannot ->
                new SessionOutcome.CannotVerify(cannot.reason(), cannot.retryAfter());
        };
    }

    private SessionOutcome renewable(SealedSession session, AccessToken token) {
        return session.refreshToken() == null || wasLeft(token)
                ? new SessionOutcome.Expired()
                : new SessionOutcome.NeedsRefresh(session, token, false);
    }

    /** A session in use is renewed before its token ends, so it has been left for at least as long as that is past. */
    private boolean wasLeft(AccessToken token) {
        return !settings.idle().isZero()
                && clock.instant().isAfter(token.expiresAt().plus(settings.idle()));
    }

    private boolean endsSoon(AccessToken token, Instant now) {
        Duration window = settings.refreshWindow();
        if (window.isZero()) {
            return false;
        }
        boolean shortLived = token.lifetime().compareTo(SHORT_LIFE) <= 0;
        return token.expiresAt().isBefore(now.plus(shortLived ? window.dividedBy(2) : window));
    }

    private static String label(Enum<?> fault) {
        return fault.name().toLowerCase(Locale.ROOT);
    }
}
