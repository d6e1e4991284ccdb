package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.starter.EndedSessions;
import dev.lockstep.starter.OwnSessions;
import dev.lockstep.workos.authentication.SessionsApi;
import java.util.Map;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Ending one's own sessions. Somebody else's session does not exist here. */
@RestController
@RequestMapping("/api/v1/sessions")
final class SessionsController {
    private final OwnSessions own;
    private final SessionsApi workOs;
    private final EndedSessions ended;

    SessionsController(OwnSessions own, SessionsApi workOs, EndedSessions ended) {
        this.own = own;
        this.workOs = workOs;
        this.ended = ended;
    }

    @PostMapping("/{id}/revoke")
    Map<String, Object> revoke(@CurrentCaller Caller.SignedIn caller, @PathVariable String id) {
        if (id.isBlank() || id.length() > 255 || !own.belongsTo(new SessionId(id), caller.user())) {
            throw new Refusal(Problem.notFound());
        }
        SessionId session = new SessionId(id);
        workOs.revoke(session);
        ended.end(session);
        return AuthController.success(Map.of());
    }
}
