package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
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

/** One's own sessions: seeing them and ending them. Somebody else's session does not exist here. */
@RestController
@RequestMapping("/api/v1/sessions")
final class SessionsController {
    private static final int LONGEST_ID = 255;

    private final OwnSessions own;
    private final EndedSessions ended;

    SessionsController(OwnSessions own, EndedSessions ended) {
        this.own = own;
        this.ended = ended;
    }

    @GetMapping
    Map<String, Object> list(@CurrentCaller Caller.SignedIn caller) {
        return AuthController.success(
                SessionViews.of(own.list(caller.user(), null, caller.session()), caller.session()));
    }

    @PostMapping("/{id}/revoke")
    @RefusesImpersonation
    Map<String, Object> revoke(@CurrentCaller Caller.SignedIn caller, @PathVariable String id) {
        SessionId session = session(id);
        if (!own.belongsTo(session, caller.user())) {
            throw new Refusal(Problem.notFound());
        }
        ended.end(session, by(caller));
        return AuthController.success(Map.of("revoked", 1));
    }

    @PostMapping("/revoke-others")
    @RefusesImpersonation
    Map<String, Object> revokeOthers(@CurrentCaller Caller.SignedIn caller) {
        List<SessionId> others = own.list(caller.user(), null, caller.session()).stream()
                .map(OwnSessions.Entry::id)
                .filter(id -> !id.equals(caller.session()))
                .toList();
        ended.end(others, by(caller));
        return AuthController.success(Map.of("revoked", others.size()));
    }

    static SessionId session(String id) {
        if (id.isBlank() || id.length() > LONGEST_ID) {
            throw new Refusal(Problem.notFound());
        }
        return new SessionId(id);
    }

    private static EndedSessions.Ending by(Caller.SignedIn caller) {
        return new EndedSessions.Ending(
                caller, "session.revoked", Map.of("user", caller.user().value(), "as", "owner"), Duration.ZERO);
    }
}
