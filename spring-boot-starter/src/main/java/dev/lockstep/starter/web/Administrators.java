package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.sync.freshness.Rights;
import dev.lockstep.sync.freshness.RightsGate;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpStatus;

/**
 * Who may look after the members of their own organization: whoever has one of some roles by their token and by the
 * mirror, or by WorkOS where the mirror is too old. Thread-safe.
 */
final class Administrators {
    private final RightsGate rights;
    private final Set<RoleSlug> roles;

    /** @param roles that may look after others */
    Administrators(RightsGate rights, Set<RoleSlug> roles) {
        this.rights = rights;
        this.roles = Set.copyOf(roles);
    }

    /**
     * An administrator in the organization of their session.
     *
     * @param roles what both token and mirror say
     */
    record Administrator(Caller.SignedIn caller, OrganizationId organization, Set<RoleSlug> roles) {}

    /** @throws Refusal when the caller is none, or when that cannot be said now */
    Administrator require(Caller.SignedIn caller) {
        OrganizationId organization = caller.organization().orElseThrow(() -> new Refusal(forbidden()));
        Set<RoleSlug> effective =
                new HashSet<>(roles(caller.user(), organization).orElseThrow(() -> new Refusal(forbidden())));
        effective.retainAll(caller.roles());
        if (effective.stream().noneMatch(roles::contains)) {
            throw new Refusal(forbidden());
        }
        return new Administrator(caller, organization, Set.copyOf(effective));
    }

    /** Nobody makes, changes or removes an administrator of a kind they are not themselves. */
    void requireOver(Administrator administrator, Set<RoleSlug> others) {
        boolean beyond = others.stream()
                .filter(roles::contains)
                .anyMatch(role -> !administrator.roles().contains(role));
        if (beyond) {
            throw new Refusal(forbidden());
        }
    }

    /**
     * The roles of an active member; empty when there is no such member.
     *
     * @throws Refusal when that cannot be said now
     */
    Optional<Set<RoleSlug>> roles(UserId user, OrganizationId organization) {
        return switch (rights.rights(user, organization)) {
            case Rights.Member member -> Optional.of(member.roles());
            case Rights.NoMember ignored -> Optional.empty();
            case Rights.Unverifiable(Rights.Reason reason) -> throw new Refusal(RightsInterceptor.cannotSay(reason));
        };
    }

    static Problem forbidden() {
        return new Problem(
                HttpStatus.FORBIDDEN,
                "FORBIDDEN",
                "Insufficient permissions. Ask an administrator of the organization.");
    }
}
