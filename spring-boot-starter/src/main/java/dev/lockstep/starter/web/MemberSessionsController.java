package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.starter.EndedSessions;
import dev.lockstep.starter.OwnSessions;
import dev.lockstep.sync.freshness.Rights;
import dev.lockstep.sync.freshness.RightsGate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The sessions of a member in the administrator's own organization: seeing and ending them, which the audit log records.
 * Sessions of the same person in another organization do not exist here.
 */
@RestController
@RequestMapping("/api/v1/members/{user}/sessions")
final class MemberSessionsController {
    private static final int LONGEST_ID = 255;

    private final OwnSessions sessions;
    private final EndedSessions ended;
    private final RightsGate rights;
    private final Set<RoleSlug> administrators;

    /** @param administrators the roles that may look after the sessions of others */
    MemberSessionsController(
            OwnSessions sessions, EndedSessions ended, RightsGate rights, Set<RoleSlug> administrators) {
        this.sessions = sessions;
        this.ended = ended;
        this.rights = rights;
        this.administrators = Set.copyOf(administrators);
    }

    private record Member(UserId user, OrganizationId organization) {}

    @GetMapping
    Map<String, Object> list(@CurrentCaller Caller.SignedIn caller, @PathVariable String user) {
        Member member = member(caller, user);
        return AuthController.success(SessionViews.of(
                sessions.list(member.user(), member.organization(), caller.session()), caller.session()));
    }

    @PostMapping("/{id}/revoke")
    @RefusesImpersonation
    Map<String, Object> revoke(
            @CurrentCaller Caller.SignedIn caller, @PathVariable String user, @PathVariable String id) {
        Member member = member(caller, user);
        SessionId session = SessionsController.session(id);
        if (!sessions.belongsTo(session, member.user(), member.organization())) {
            throw new Refusal(Problem.notFound());
        }
        ended.end(session, by(caller, member));
        return AuthController.success(Map.of("revoked", 1));
    }

    @PostMapping("/revoke-all")
    @RefusesImpersonation
    Map<String, Object> revokeAll(@CurrentCaller Caller.SignedIn caller, @PathVariable String user) {
        Member member = member(caller, user);
        List<SessionId> all = sessions.list(member.user(), member.organization(), null).stream()
                .map(OwnSessions.Entry::id)
                .toList();
        ended.end(all, by(caller, member));
        return AuthController.success(Map.of("revoked", all.size()));
    }

    /** The rights first, then whether there is such a member: a stranger learns nothing about who exists. */
    private Member member(Caller.SignedIn caller, String user) {
        OrganizationId organization = caller.organization().orElseThrow(() -> new Refusal(forbidden()));
        Set<RoleSlug> effective =
                new HashSet<>(roles(caller.user(), organization).orElseThrow(() -> new Refusal(forbidden())));
        effective.retainAll(caller.roles());
        if (effective.stream().noneMatch(administrators::contains)) {
            throw new Refusal(forbidden());
        }
        if (user.isBlank() || user.length() > LONGEST_ID) {
            throw new Refusal(Problem.notFound());
        }
        UserId member = new UserId(user);
        if (roles(member, organization).isEmpty()) {
            throw new Refusal(Problem.notFound());
        }
        return new Member(member, organization);
    }

    private Optional<Set<RoleSlug>> roles(UserId user, OrganizationId organization) {
        return switch (rights.rights(user, organization)) {
            case Rights.Member member -> Optional.of(member.roles());
            case Rights.NoMember ignored -> Optional.empty();
            case Rights.Unverifiable(Rights.Reason reason) -> throw new Refusal(RightsInterceptor.cannotSay(reason));
        };
    }

    private static EndedSessions.Ending by(Caller.SignedIn caller, Member member) {
        return new EndedSessions.Ending(
                caller, "session.revoked", Map.of("user", member.user().value(), "as", "administrator"), Duration.ZERO);
    }

    private static Problem forbidden() {
        return new Problem(
                HttpStatus.FORBIDDEN,
                "FORBIDDEN",
                "Insufficient permissions. Ask an administrator of the organization.");
    }
}
