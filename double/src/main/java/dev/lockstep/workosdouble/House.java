package dev.lockstep.workosdouble;

/**
 * What stays the same over restarts so that clients need no new configuration.
 *
 * @param signingKey the RSA key pair as a JSON Web Key
 * @param webhooksWanted an endpoint was named once, so events are queued for it also before it is named again
 * @param demoSeeded the demo's people were planted once; who was deleted since stays deleted
 */
record House(
        String clientId,
        String apiKey,
        String webhookSecret,
        int port,
        String signingKey,
        boolean webhooksWanted,
        boolean demoSeeded) {

    House wantingWebhooks() {
        return new House(clientId, apiKey, webhookSecret, port, signingKey, true, demoSeeded);
    }

    House seeded() {
        return new House(clientId, apiKey, webhookSecret, port, signingKey, webhooksWanted, true);
    }

    House unseeded() {
        return new House(clientId, apiKey, webhookSecret, port, signingKey, webhooksWanted, false);
    }

    @Override
    public String toString() {
        return "House[redacted]";
    }
}
