package dev.lockstep.audit;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who did what to what. The time and the place in the chain are given by the database when it is recorded.
 *
 * @param actor who did it: an id such as {@code user_…}, or a fixed word for a program
 * @param impersonatorEmail the operator who was signed in as the actor, or null
 * @param organizationId where it happened, or null
 * @param action a stable name such as {@code project.deleted}
 * @param target what it happened to, as {@code kind:id}
 * @param details ids, names of fields and codes; never tokens and never personal values such as names or addresses
 */
public record AuditEvent(
        String actor,
        @Nullable String impersonatorEmail,
        @Nullable OrganizationId organizationId,
        String action,
        String target,
        Map<String, String> details) {

    /** Refuses blank names; details are copied. */
    public AuditEvent {
        if (actor.isBlank() || action.isBlank() || target.isBlank()) {
            throw new IllegalArgumentException("An audit event names its actor, its action and its target.");
        }
        details = Map.copyOf(details);
    }

    /** An event by whoever the request speaks for, with the impersonator when there is one. */
    public static AuditEvent by(Caller caller, String action, String target, Map<String, String> details) {
        return switch (caller) {
            case Caller.SignedIn person ->
                new AuditEvent(
                        person.user().value(),
                        Optional.ofNullable(person.impersonator())
                                .map(Impersonator::email)
                                .orElse(null),
                        person.organizationId(),
                        action,
                        target,
                        details);
            case Caller.Machine machine ->
                new AuditEvent("key:" + machine.keyId(), null, machine.organizationId(), action, target, details);
            case Caller.Anonymous nobody -> new AuditEvent("anonymous", null, null, action, target, details);
        };
    }

    @Override
    public String toString() {
        return "AuditEvent[" + action + " " + target + "]";
    }
}
