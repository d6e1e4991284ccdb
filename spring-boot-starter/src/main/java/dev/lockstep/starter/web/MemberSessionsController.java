package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.starter.EndedSessions;
import dev.lockstep.starter.OwnSessions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
    private final Administrators administrators;

    MemberSessionsController(OwnSessions sessions, EndedSessions ended, Administrators administrators) {
        this.sessions = sessions;
        this.ended = ended;
        this.administrators = administrators;
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
        OrganizationId organization = administrators.require(caller).organization();
        if (user.isBlank() || user.length() > LONGEST_ID) {
            throw new Refusal(Problem.notFound());
        }
        UserId member = new UserId(user);
        if (administrators.roles(member, organization).isEmpty()) {
            throw new Refusal(Problem.notFound());
        }
        return new Member(member, organization);
    }

    private static EndedSessions.Ending by(Caller.SignedIn caller, Member member) {
        return new EndedSessions.Ending(
                caller, "session.revoked", Map.of("user", member.user().value(), "as", "administrator"), Duration.ZERO);
    }
}
