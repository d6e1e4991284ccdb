package dev.lockstep.workos.authentication;

import dev.lockstep.identity.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What WorkOS asks of a person before it signs them in: an e-mail code, a second factor, the choice of an organization.
 * {@link StepsApi} answers it. Prints nothing of its content.
 *
 * @param pendingToken names the sign-in that waits; a secret
 * @param details the whole answer as WorkOS wrote it; do not change it
 */
public record Challenge(String pendingToken, JsonNode details) {

    /** An organization the person may choose. */
    public record Choice(OrganizationId id, String name) {}

    /** Returns the challenge of a refusal, or null when it names no sign-in that waits. */
    static @Nullable Challenge of(JsonNode refusal) {
        String token = text(refusal.path("pending_authentication_token"));
        return token == null ? null : new Challenge(token, refusal);
    }

    /** Returns the address that the e-mail code was sent to. */
    public Optional<String> email() {
        return Optional.ofNullable(text(details.path("email")));
    }

    /** Returns the e-mail verification that waits. */
    public Optional<String> emailVerificationId() {
        return Optional.ofNullable(text(details.path("email_verification_id")));
    }

    /** Returns the challenge of the second factor that waits for a code. */
    public Optional<String> authenticationChallengeId() {
        return Optional.ofNullable(text(details.path("authentication_challenge").path("id")));
    }

    /** Returns the factors the person has, by id, for {@link StepsApi#challengeFactor}. */
    public List<String> factors() {
        var ids = new ArrayList<String>();
        for (JsonNode factor : details.path("authentication_factors")) {
            String id = text(factor.path("id"));
            if (id != null) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** Returns the organizations to choose from. */
    public List<Choice> organizations() {
        var choices = new ArrayList<Choice>();
        for (JsonNode organization : details.path("organizations")) {
            String id = text(organization.path("id"));
            if (id != null) {
                String name = text(organization.path("name"));
                choices.add(new Choice(new OrganizationId(id), name == null ? id : name));
            }
        }
        return choices;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.stringValue().isBlank() ? node.stringValue() : null;
    }

    @Override
    public String toString() {
        return "Challenge[redacted]";
    }
}
