package dev.lockstep.session.refresh;

import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.json.StrictJson;
import dev.lockstep.session.sealing.SealedSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The answer of a refresh call as bytes, for another node of the same version or the one before. */
final class RefreshRecord {
    private static final String KIND = "kind";

    private RefreshRecord() {}

    static byte[] write(RefreshOutcome outcome) {
        ObjectNode json = StrictJson.MAPPER.createObjectNode();
        switch (outcome) {
            case RefreshOutcome.Refreshed refreshed ->
                json.put(KIND, "refreshed")
                        .put(
                                "session",
                                new String(refreshed.result().toSession().bytes(), StandardCharsets.UTF_8));
            case RefreshOutcome.Terminal terminal -> json.put(KIND, "terminal").put("code", terminal.code());
            case RefreshOutcome.Declined declined -> json.put(KIND, "declined").put("code", declined.code());
            case RefreshOutcome.Transient failure -> {
                json.put(KIND, "transient").put("reason", failure.reason());
                Duration asked = failure.retryAfter();
                if (asked != null) {
                    json.put("retryAfter", asked.toMillis());
                }
            }
        }
        return StrictJson.MAPPER.writeValueAsBytes(json);
    }

    static Optional<RefreshOutcome> read(byte[] bytes) {
        return StrictJson.object(bytes).flatMap(RefreshRecord::read);
    }

    private static Optional<RefreshOutcome> read(ObjectNode json) {
        return switch (json.path(KIND).asString("")) {
            case "refreshed" ->
                SealedSession.parse(json.path("session").asString("").getBytes(StandardCharsets.UTF_8))
                        .flatMap(RefreshRecord::result)
                        .map(RefreshOutcome.Refreshed::new);
            case "terminal" ->
                Optional.of(new RefreshOutcome.Terminal(json.path("code").asString("")));
            case "declined" ->
                Optional.of(new RefreshOutcome.Declined(json.path("code").asString("")));
            case "transient" ->
                Optional.of(new RefreshOutcome.Transient(
                        json.path("reason").asString(""),
                        json.has("retryAfter")
                                ? Duration.ofMillis(json.path("retryAfter").asLong(0))
                                : null));
            default -> Optional.empty();
        };
    }

    private static Optional<AuthenticationResult> result(SealedSession session) {
        String refreshToken = session.refreshToken();
        return refreshToken == null
                ? Optional.empty()
                : Optional.of(new AuthenticationResult(
                        session.accessToken(),
                        refreshToken,
                        session.user(),
                        session.organizationId(),
                        session.impersonator(),
                        session.authenticationMethod()));
    }
}
