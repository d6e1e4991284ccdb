package dev.lockstep.workos.authentication;

import dev.lockstep.workos.Call;
import dev.lockstep.workos.WorkOsClient;
import java.nio.charset.StandardCharsets;

/**
 * The public keys that access tokens are signed with. It fetches and does not keep: caching is the session room's job.
 * Safe for all threads; blocks and throws {@code WorkOsException}.
 */
public final class SigningKeysApi {
    private final WorkOsClient client;

    /** Uses a client with its urgency. */
    public SigningKeysApi(WorkOsClient client) {
        this.client = client;
    }

    /** Returns the JSON Web Key Set as WorkOS wrote it, unparsed. */
    public String document() {
        Call call = Call.get("/sso/jwks/" + Call.segment(client.settings().clientId()));
        return new String(client.send(call).body(), StandardCharsets.UTF_8);
    }
}
