package dev.lockstep.starter;

import dev.lockstep.identity.SessionId;
import dev.lockstep.live.LiveEngine;
import dev.lockstep.session.Revocations;

/** Ends a session on this node at once: its cookie counts no more and its sockets close. WorkOS tells the others. */
public final class EndedSessions {
    private final Revocations revocations;
    private final LiveEngine live;

    public EndedSessions(Revocations revocations, LiveEngine live) {
        this.revocations = revocations;
        this.live = live;
    }

    /** Ends the session; ending it twice changes nothing. Thread-safe. */
    public void end(SessionId session) {
        revocations.revokeSession(session);
        live.revoke(caller -> caller.session().equals(session));
    }
}
