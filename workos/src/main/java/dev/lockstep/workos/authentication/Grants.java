package dev.lockstep.workos.authentication;

import dev.lockstep.workos.Call;
import dev.lockstep.workos.Lookup;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.WorkOsProblem.Refused;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Authenticated;
import dev.lockstep.workos.authentication.AuthenticationOutcome.CannotTell;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Denied;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One grant on its way to {@code /user_management/authenticate}: sent once, its answer sorted into an outcome. */
final class Grants {
    private static final String PATH = "/user_management/authenticate";
    /** Refusals that speak about our request and not about the person. */
    private static final Set<String> OUR_FAULT = Set.of(
            "invalid_request",
            "invalid_request_parameters",
            "unprocessable_entity",
            "unsupported_grant_type",
            "invalid_scope",
            "not_found");

    private final WorkOsClient client;

    Grants(WorkOsClient client) {
        this.client = client;
    }

    ObjectNode grant(String type, Visitor visitor) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("grant_type", type);
        body.put("client_id", client.settings().clientId());
        body.put("client_secret", client.settings().apiKey().value());
        if (visitor.ipAddress() != null) {
            body.put("ip_address", visitor.ipAddress());
        }
        if (visitor.userAgent() != null) {
            body.put("user_agent", visitor.userAgent());
        }
        return body;
    }

    AuthenticationOutcome authenticate(ObjectNode body) {
        try {
            return new Authenticated(
                    Lookup.require(client, Call.post(PATH, body).withOwnLimit(), AuthenticationAnswer::from));
        } catch (WorkOsException e) {
            return classify(e);
        }
    }

    private static AuthenticationOutcome classify(WorkOsException refusal) {
        WorkOsProblem problem = refusal.problem();
        return problem instanceof Refused(int status, String code) && code != null && !OUR_FAULT.contains(code)
                ? new Denied(code, status, refusal.details().map(Challenge::of).orElse(null))
                : new CannotTell(problem);
    }
}
