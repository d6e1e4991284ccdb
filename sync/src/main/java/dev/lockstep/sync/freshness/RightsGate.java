package dev.lockstep.sync.freshness;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.sync.freshness.AskedMemberships.Asked;
import dev.lockstep.sync.freshness.Rights.Basis;
import dev.lockstep.sync.freshness.StalenessGate.Standing;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Decides who says what a person may do: the mirror while it is new enough, else WorkOS, or nobody. It does not know
 * what a role allows, nor what the caller's token says. Thread-safe.
 */
public final class RightsGate {
    private final StalenessGate gate;
    private final MirroredMemberships mirror;
    private final AskedMemberships workOs;
    private final WhenStale whenStale;
    private final LongAdder byMirror = new LongAdder();
    private final LongAdder byWorkOs = new LongAdder();
    private final LongAdder unverifiable = new LongAdder();

    /**
     * @param gate says whether the mirror is new enough
     * @param mirror what it says
     * @param workOs who is asked when it is not
     * @param whenStale whether that is wanted
     */
    public RightsGate(StalenessGate gate, MirroredMemberships mirror, AskedMemberships workOs, WhenStale whenStale) {
        this.gate = gate;
        this.mirror = mirror;
        this.workOs = workOs;
        this.whenStale = whenStale;
    }

    /**
     * How often who decided since the start.
     *
     * @param mirror by the mirror
     * @param workOs by WorkOS
     * @param unverifiable by nobody
     */
    public record Decisions(long mirror, long workOs, long unverifiable) {}

    /**
     * What can be said about the person's rights in the organization.
     *
     * @throws org.springframework.dao.DataAccessException when the mirror cannot be asked, which is no verdict either
     */
    public Rights rights(UserId user, OrganizationId organization) {
        Rights rights = decide(user, organization);
        switch (rights) {
            case Rights.Member member -> count(member.basis());
            case Rights.NoMember none -> count(none.basis());
            case Rights.Unverifiable ignored -> unverifiable.increment();
        }
        return rights;
    }

    /**
     * What roles allow in an organization, as far as the mirror knows: it can only take away from what a token says.
     *
     * @return empty when the mirror does not know that of one of the roles
     * @throws org.springframework.dao.DataAccessException when the mirror cannot be asked, which is no verdict either
     */
    public Optional<Set<Permission>> permissions(OrganizationId organization, Set<RoleSlug> roles) {
        return mirror.permissions(organization, roles);
    }

    /** How often who decided since the start. */
    public Decisions decisions() {
        return new Decisions(byMirror.sum(), byWorkOs.sum(), unverifiable.sum());
    }

    private Rights decide(UserId user, OrganizationId organization) {
        if (whenStale == WhenStale.MIRROR) {
            return fromMirror(user, organization);
        }
        return switch (gate.standing(user, organization)) {
            case Standing.Fresh ignored -> fromMirror(user, organization);
            case Standing.Stale ignored ->
                whenStale == WhenStale.ASK
                        ? fromWorkOs(user, organization)
                        : new Rights.Unverifiable(Rights.Reason.MIRROR_STALE);
        };
    }

    private Rights fromMirror(UserId user, OrganizationId organization) {
        return rights(mirror.roles(user, organization), Basis.MIRROR);
    }

    /** The mirror has WorkOS's answer by now; what it knows beyond that can only take rights away. */
    private Rights fromWorkOs(UserId user, OrganizationId organization) {
        return switch (workOs.ask(user, organization)) {
            case Asked.Silent ignored -> new Rights.Unverifiable(Rights.Reason.RIGHTS_UNVERIFIABLE);
            case Asked.Answered answered ->
                rights(
                        answered.roles()
                                .flatMap(roles -> mirror.rolesNotEnded(user, organization)
                                        .map(mirrored -> both(roles, mirrored))),
                        Basis.WORKOS);
        };
    }

    private static Rights rights(Optional<Set<RoleSlug>> roles, Basis basis) {
        return roles.<Rights>map(found -> new Rights.Member(found, basis)).orElseGet(() -> new Rights.NoMember(basis));
    }

    private static Set<RoleSlug> both(Set<RoleSlug> one, Set<RoleSlug> other) {
        Set<RoleSlug> both = new HashSet<>(one);
        both.retainAll(other);
        return both;
    }

    private void count(Basis basis) {
        switch (basis) {
            case MIRROR -> byMirror.increment();
            case WORKOS -> byWorkOs.increment();
        }
    }
}
