package dev.lockstep.examples.plain;

import dev.lockstep.session.token.SigningKeySource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Fetches WorkOS's signing keys with the JDK's HTTP client. The session jar decides when, and keeps them. */
record WorkOsKeys(HttpClient http, URI document) implements SigningKeySource {

    static WorkOsKeys of(String clientId) {
        return new WorkOsKeys(HttpClient.newHttpClient(), URI.create("https://api.workos.com/sso/jwks/" + clientId));
    }

    @Override
    public String fetch() throws Unreachable {
        HttpRequest request =
                HttpRequest.newBuilder(document).timeout(Duration.ofSeconds(5)).build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new Unreachable("WorkOS answered " + response.statusCode() + " for its signing keys", null);
            }
            return response.body();
        } catch (IOException e) {
            throw new Unreachable("WorkOS could not be reached for its signing keys", null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("Fetching the signing keys was interrupted", null);
        }
    }
}
