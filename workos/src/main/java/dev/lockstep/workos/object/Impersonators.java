package dev.lockstep.workos.object;

import dev.lockstep.identity.Impersonator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the operator that WorkOS names when somebody is signed in as somebody else. */
public final class Impersonators {
    private Impersonators() {}

    /** Returns the operator, or null when the value is no object with an address. */
    public static @Nullable Impersonator from(@Nullable JsonNode json) {
        if (json == null || !json.isObject()) {
            return null;
        }
        Fields fields = Fields.of("impersonator", json);
        String email = fields.text("email");
        return email == null ? null : new Impersonator(email, fields.text("reason"));
    }
}
