package dev.lockstep.live.function;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import java.util.Map;
import java.util.Optional;

/** What functions need to know of callers. */
final class Callers {
    private Callers() {}

    /** Names the person or key and the organization, whatever the session. */
    static String name(Caller caller) {
        String who = switch (caller) {
            case Caller.SignedIn person -> "user:" + person.user().value();
            case Caller.Machine machine -> "key:" + machine.keyId();
            case Caller.Anonymous nobody -> "anonymous";
        };
        return who + "\n" + organization(caller).map(OrganizationId::value).orElse("");
    }

    static Optional<OrganizationId> organization(Caller caller) {
        return switch (caller) {
            case Caller.SignedIn person -> person.organization();
            case Caller.Machine machine -> Optional.ofNullable(machine.organizationId());
            case Caller.Anonymous nobody -> Optional.empty();
        };
    }

    static LiveError nobody() {
        return new LiveError("Nobody is signed in. Sign in and try again.", Map.of("code", "UNAUTHORIZED"));
    }

    static LiveError noOrganization() {
        return new LiveError(
                "This needs an organization. Choose one and try again.", Map.of("code", "NO_ORGANIZATION"));
    }

    /** The error of a caller without an organization. */
    static LiveError outside(Caller caller) {
        return switch (caller) {
            case Caller.Anonymous nobody -> nobody();
            case Caller.SignedIn person -> noOrganization();
            case Caller.Machine machine -> noOrganization();
        };
    }
}
