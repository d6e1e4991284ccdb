package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.MembershipRecord.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** From a person who was recognised to tokens: codes, sessions, and refresh tokens that rotate. */
final class SignIn {
    private static final Duration CODE_LIFE = Duration.ofMinutes(10);
    private static final Duration SESSION_LIFE = Duration.ofDays(7);
    private static final Duration REPLAY_GRACE = Duration.ofSeconds(30);
    private static final int TOKENS_KEPT_PER_SESSION = 32;
    private static final String METHOD = "Password";

    private final World world;
    private final Tokens tokens;
    private final RandomGenerator random;

    SignIn(World world, Tokens tokens, RandomGenerator random) {
        this.world = world;
        this.tokens = tokens;
        this.random = random;
    }

    /** What the login page knows about the browser. */
    record Browser(@Nullable String ipAddress, @Nullable String userAgent) {}

    /** A code for a user who is an active member of the organization, if one is named. */
    String code(UserId user, @Nullable OrganizationId organization, @Nullable String challenge, Browser browser) {
        return world.change(change -> {
            change.tables().codesExpiredAt(change.at()).forEach(old -> change.put(new Fact.CodeGone(old.code())));
            SignInCode code = new SignInCode(
                    Secrets.random(random, 32),
                    user,
                    organization,
                    challenge,
                    browser.ipAddress(),
                    browser.userAgent(),
                    change.at().plus(CODE_LIFE));
            change.put(new Fact.CodePut(code));
            return code.code();
        });
    }

    /** A wrong verifier leaves the code alive; a right one uses it up. */
    SignedIn redeem(String text, @Nullable String verifier) {
        return world.change(change -> {
            SignInCode code = change.tables()
                    .code(text)
                    .filter(found -> change.at().isBefore(found.expiresAt()))
                    .orElseThrow(() -> invalidGrant("The code '" + text + "' has expired or is invalid."));
            if (code.challenge() != null
                    && (verifier == null || !Secrets.same(code.challenge(), Secrets.challengeOf(verifier)))) {
                throw invalidGrant("The code verifier is missing or does not match the code challenge.");
            }
            if (change.tables().users.find(code.user()) == null) {
                throw invalidGrant("The code '" + text + "' has expired or is invalid.");
            }
            requireMember(change.tables(), code.user(), code.organization());
            change.put(new Fact.CodeGone(text));
            return open(change, code.user(), code.organization(), new Browser(code.ipAddress(), code.userAgent()));
        });
    }

    /** Signs in without the page. */
    SignedIn directly(UserId user, @Nullable OrganizationId organization, Browser browser) {
        return world.change(change -> {
            Registry.user(change.tables(), user);
            requireMember(change.tables(), user, organization);
            return open(change, user, organization, browser);
        });
    }

    /** @param wanted the organization to switch to, or null to stay */
    SignedIn refresh(String token, @Nullable OrganizationId wanted) {
        return world.change(change -> {
            Tables tables = change.tables();
            RefreshGrant grant = tables.grant(token).orElseThrow(() -> invalidGrant("Invalid refresh token."));
            SessionRecord session = Registry.session(tables, grant.session());
            if (!session.aliveAt(change.at())) {
                throw invalidGrant("Session has already ended.");
            }
            RefreshGrant.Exchange done = grant.exchange();
            if (done != null) {
                if (change.at().isAfter(done.at().plus(REPLAY_GRACE))) {
                    throw invalidGrant("Refresh token already exchanged.");
                }
                return new SignedIn(
                        session.userId(),
                        session.id(),
                        done.organization(),
                        done.accessToken(),
                        done.refreshToken(),
                        METHOD);
            }
            if (wanted != null && !wanted.equals(session.organizationId())) {
                requireMember(tables, session.userId(), wanted);
                session = session.inOrganization(wanted, change.at());
                change.put(new Fact.SessionPut(session));
            }
            SignedIn next = issue(change, session);
            change.put(new Fact.GrantPut(new RefreshGrant(
                    token,
                    session.id(),
                    new RefreshGrant.Exchange(
                            change.at(), next.accessToken(), next.refreshToken(), next.organization()))));
            forgetOldGrants(change, session.id());
            return next;
        });
    }

    private SignedIn open(Change change, UserId user, @Nullable OrganizationId organization, Browser browser) {
        Instant now = change.at();
        SessionRecord session = new SessionRecord(
                new SessionId(change.freshId("session")),
                user,
                organization,
                "password",
                SessionRecord.Status.ACTIVE,
                browser.ipAddress(),
                browser.userAgent(),
                now.plus(SESSION_LIFE),
                null,
                now,
                now);
        change.put(new Fact.SessionPut(session));
        change.put(new Fact.UserPut(Registry.user(change.tables(), user).signedIn(now)));
        change.emit("authentication.password_succeeded", Wire.passwordSucceeded(session, change.tables()), null);
        change.emit("session.created", Wire.session(session), organization);
        return issue(change, session);
    }

    private SignedIn issue(Change change, SessionRecord session) {
        OrganizationId organization = session.organizationId();
        Optional<MembershipRecord> membership = organization == null
                ? Optional.empty()
                : change.tables()
                        .membership(session.userId(), organization)
                        .filter(member -> member.status() == Status.ACTIVE);
        List<String> permissions = membership
                .map(member -> Roles.permissions(change.tables(), member.organizationId(), member.role()))
                .orElse(List.of());
        String access = tokens.accessToken(session, membership, permissions, change.freshId("token"), change.at());
        String refresh = Secrets.random(random, 25);
        change.put(new Fact.GrantPut(new RefreshGrant(refresh, session.id(), null)));
        return new SignedIn(session.userId(), session.id(), organization, access, refresh, METHOD);
    }

    private static void forgetOldGrants(Change change, SessionId session) {
        List<String> grants = change.tables().grantsOf(session);
        for (String old : grants.subList(0, Math.max(0, grants.size() - TOKENS_KEPT_PER_SESSION))) {
            change.put(new Fact.GrantGone(old));
        }
    }

    private static void requireMember(Tables tables, UserId user, @Nullable OrganizationId organization) {
        if (organization == null) {
            return;
        }
        boolean member = tables.membership(user, organization)
                .filter(found -> found.status() == Status.ACTIVE)
                .isPresent();
        if (!member) {
            throw ApiRefusal.oauth(403, "access_denied", "The user is not an active member of the organization.");
        }
    }

    private static ApiRefusal invalidGrant(String description) {
        return ApiRefusal.oauth(400, "invalid_grant", description);
    }
}
