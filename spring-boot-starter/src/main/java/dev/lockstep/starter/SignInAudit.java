package dev.lockstep.starter;

import dev.lockstep.audit.Audit;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.identity.Caller;
import dev.lockstep.store.Database;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Records sign-ins in the audit log, where there is one. A sign-in that cannot be recorded goes on: the database that is
 * away must keep nobody out. Thread-safe.
 */
public final class SignInAudit {
    private static final Logger LOG = LoggerFactory.getLogger(SignInAudit.class);

    private final Database database;
    private final @Nullable Audit audit;

    /** @param audit where to record, or null */
    public SignInAudit(Database database, @Nullable Audit audit) {
        this.database = database;
        this.audit = audit;
    }

    /**
     * Somebody has come in.
     *
     * @param method by what they proved who they are, as WorkOS says, or null
     */
    public void cameIn(Caller.SignedIn caller, @Nullable String method) {
        Audit log = audit;
        if (log == null) {
            return;
        }
        Map<String, String> details = method == null ? Map.of() : Map.of("method", method);
        try {
            database.write(tx -> {
                log.record(
                        tx,
                        AuditEvent.by(
                                caller,
                                "auth.login",
                                "session:" + caller.session().value(),
                                details));
                return true;
            });
        } catch (DataAccessException away) {
            LOG.warn(
                    "AUDIT_SIGN_IN_MISSED the sign-in of {} is not in the audit log ({})",
                    caller.session(),
                    away.getClass().getSimpleName());
        }
    }
}
