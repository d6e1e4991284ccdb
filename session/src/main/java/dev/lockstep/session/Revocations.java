package dev.lockstep.session;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.session.token.AccessTokenVerifier;
import dev.lockstep.session.token.TokenSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which tokens no longer count although their time is not over: what has been ended on this or any other node. Held in
 * memory for as long as a token made before could live; whoever hears of an ending (the change feed, a logout) tells it
 * here. Safe for any number of threads.
 */
public final class Revocations {
    private static final int PRUNE_EVERY = 256;

    private final InstantSource clock;
    private final Duration tokenLife;
    private final Map<Object, Ending> endings = new ConcurrentHashMap<>();
    private final AtomicLong told = new AtomicLong();

    /** Remembers an ending for as long as any token the verifier would accept could be alive. */
    public Revocations(InstantSource clock) {
        this(clock, AccessTokenVerifier.LONGEST_LIFE.plus(TokenSettings.LONGEST_LEEWAY.multipliedBy(2)));
    }

    /** @param tokenLife the longest a token may live, leeway included; an ending is forgotten after that */
    public Revocations(InstantSource clock, Duration tokenLife) {
        this.clock = clock;
        this.tokenLife = tokenLife;
    }

    private record Ending(Instant at, Instant forgetAt) {}

    private record Membership(UserId user, OrganizationId organization) {}

    /** A session has ended: no token of it counts, whenever it was made. */
    public void revokeSession(SessionId session) {
        tell(session, clock.instant());
    }

    /** A user was deleted, deactivated or signed out everywhere: tokens made up to {@code at} no longer count. */
    public void revokeUser(UserId user, Instant at) {
        tell(user, at);
    }

    /** A membership has ended: tokens of that user in that organization made up to {@code at} no longer count. */
    public void revokeMembership(UserId user, OrganizationId organization, Instant at) {
        tell(new Membership(user, organization), at);
    }

    /** Returns whether a genuine token has been ended. */
    public boolean isRevoked(AccessToken token) {
        if (endings.isEmpty()) {
            return false;
        }
        OrganizationId organization = token.organizationId();
        return endings.containsKey(token.session())
                || endedSince(token.user(), token)
                || (organization != null && endedSince(new Membership(token.user(), organization), token));
    }

    /** Returns whether a session has been ended. */
    public boolean isRevoked(SessionId session) {
        return endings.containsKey(session);
    }

    /** Forgets what can no longer matter. Done along the way, so that nobody needs to call it. */
    public void prune() {
        Instant now = clock.instant();
        endings.values().removeIf(ending -> !now.isBefore(ending.forgetAt()));
    }

    /** Returns how many endings are remembered. */
    public int size() {
        return endings.size();
    }

    private void tell(Object what, Instant at) {
        Instant forgetAt = clock.instant().plus(tokenLife);
        endings.merge(
                what,
                new Ending(at, forgetAt),
                (known, told) -> new Ending(known.at().isAfter(told.at()) ? known.at() : told.at(), told.forgetAt()));
        if (told.incrementAndGet() % PRUNE_EVERY == 0) {
            prune();
        }
    }

    /** A token's time of making has whole seconds, so one made in the second of the ending counts as before it. */
    private boolean endedSince(Object what, AccessToken token) {
        Ending ending = endings.get(what);
        return ending != null && !token.issuedAt().isAfter(ending.at());
    }
}
