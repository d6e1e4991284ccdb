package dev.lockstep.server.cli;

import dev.lockstep.audit.Audit;
import dev.lockstep.audit.AuditChain;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditKey;
import dev.lockstep.store.Database;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes what an operator asks for into the audit log, before it is done, so that nothing is done unrecorded. Without an
 * audit key there is no log, as on the server.
 */
final class OperatorLog {
    private static final String ACTOR = "operator:";
    private static final int LONGEST = 200;

    private final Supplier<Database> database;
    private final Optional<String> key;
    private final String operator;

    /**
     * @param key the audit log's key, when there is one
     * @param operator the name of the account at this machine
     */
    OperatorLog(Supplier<Database> database, Optional<String> key, String operator) {
        this.database = database;
        this.key = key;
        this.operator = operator;
    }

    /**
     * Records it, or throws and nothing may be done.
     *
     * @param action as the audit log names it
     * @param target what it is done to, as {@code kind:id}
     * @param details ids, names and counts; what an operator typed is cut to a line
     */
    void record(String action, String target, Map<String, String> details) {
        key.ifPresent(secret -> {
            var audit = new Audit(new AuditChain(new AuditKey(secret.getBytes(StandardCharsets.UTF_8))));
            var event = new AuditEvent(ACTOR + operator, null, null, action, target, details);
            database.get().write(tx -> {
                audit.record(tx, event);
                return true;
            });
        });
    }

    /** One line of what somebody typed, not longer than a sentence. */
    static String line(String typed) {
        String plain = typed.replaceAll("\\p{Cntrl}", " ").strip();
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
    }
}
