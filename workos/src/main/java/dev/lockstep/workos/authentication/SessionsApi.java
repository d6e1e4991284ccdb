package dev.lockstep.workos.authentication;

import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.Call;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem.Refused;
import dev.lockstep.workos.object.WorkOsSession;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** The sessions of a user at WorkOS. Safe for all threads; every method blocks and throws {@code WorkOsException}. */
public final class SessionsApi {
    private static final int NOT_FOUND = 404;

    private final WorkOsClient client;

    /** Uses a client with its urgency. */
    public SessionsApi(WorkOsClient client) {
        this.client = client;
    }

    /**
     * Returns one page of the active sessions of a user, oldest first.
     *
     * @param after the cursor of the page before, or null for the first
     */
    public Page<WorkOsSession> page(UserId user, @Nullable String after) {
        Call list = Call.get("/user_management/users/" + Call.segment(user.value()) + "/sessions");
        return Page.fetch(client, list, after, WorkOsSession::from);
    }

    /**
     * Ends a session at WorkOS. Access tokens already given out stay valid until they expire.
     *
     * @return false when WorkOS knows no such session, which is just as over
     */
    public boolean revoke(SessionId session) {
        Call call = Call.post(
                "/user_management/sessions/revoke",
                JsonNodeFactory.instance.objectNode().put("session_id", session.value()));
        try {
            client.send(call.asRepeatable());
            return true;
        } catch (WorkOsException e) {
            if (e.problem() instanceof Refused refused && refused.status() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
