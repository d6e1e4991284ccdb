package dev.lockstep.starter.web;

import dev.lockstep.audit.Audit;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.identity.Caller;
import dev.lockstep.store.Database;
import dev.lockstep.sync.freshness.ReadToken;
import dev.lockstep.sync.freshness.WriteThrough;
import dev.lockstep.sync.freshness.WriteThrough.Written;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;

/** Changes at WorkOS on behalf of a request: the answer carries the token for the next read. Thread-safe. */
final class Writes {
    private static final Logger LOG = LoggerFactory.getLogger(Writes.class);

    private final WriteThrough through;
    private final Database database;
    private final @Nullable Audit audit;

    /** @param audit where to record who changed what, or null */
    Writes(WriteThrough through, Database database, @Nullable Audit audit) {
        this.through = through;
        this.database = database;
        this.audit = audit;
    }

    /**
     * Carries a change out and lets the client's next read wait for it, on whichever node.
     *
     * @throws Refusal when WorkOS says no
     * @throws WorkOsException when WorkOS says nothing
     */
    <T> Written<T> carryOut(HttpServletResponse response, Function<WriteThrough, Written<T>> change) {
        Written<T> written;
        try {
            written = change.apply(through);
        } catch (WorkOsException e) {
            if (e.problem() instanceof WorkOsProblem.Refused) {
                throw new Refusal(new Problem(
                        HttpStatus.CONFLICT,
                        "CHANGE_REFUSED",
                        "WorkOS does not allow this change. Nothing was changed; look at what is there now."));
            }
            throw e;
        }
        written.token().map(ReadToken::text).ifPresent(token -> response.setHeader(ReadTokenInterceptor.HEADER, token));
        return written;
    }

    /** Records who did it. The change itself has happened and stays, recorded or not. */
    void note(Caller by, String action, String target, Map<String, String> details) {
        Audit trail = audit;
        if (trail == null) {
            return;
        }
        try {
            database.write(tx -> {
                trail.record(tx, AuditEvent.by(by, action, target, details));
                return target;
            });
        } catch (DataAccessException e) {
            LOG.warn(
                    "STORE_UNAVAILABLE: {} was carried out at WorkOS and could not be recorded ({}).",
                    action,
                    e.getClass().getSimpleName());
        }
    }
}
