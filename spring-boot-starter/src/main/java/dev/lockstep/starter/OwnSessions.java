package dev.lockstep.starter;

import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;

/** Asks the mirror whose session it is. Reads only. */
public final class OwnSessions {
    private static final String OWNED =
            "SELECT EXISTS (SELECT 1 FROM workos.sessions_live WHERE id = :session AND user_id = :user)";

    private final Database database;

    public OwnSessions(Database database) {
        this.database = database;
    }

    /** Returns whether that session exists, goes on, and is this person's. */
    public boolean belongsTo(SessionId session, UserId user) {
        return database.read(tx -> tx.sql(OWNED)
                .param("session", session.value())
                .param("user", user.value())
                .query(Boolean.class)
                .single());
    }
}
