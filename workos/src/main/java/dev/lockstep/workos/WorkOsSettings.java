package dev.lockstep.workos;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Where WorkOS is, who we are there, and how patient we are.
 *
 * @param apiKey the key of the environment
 * @param clientId the client id of the same environment
 * @param baseUrl without a trailing slash; plain HTTP only to this very machine
 * @param timeouts how long a call may take
 * @param retries how often a repeatable call is tried
 * @param maxAnswerBytes the largest answer that is read
 */
public record WorkOsSettings(
        ApiKey apiKey, String clientId, URI baseUrl, Timeouts timeouts, RetryRules retries, int maxAnswerBytes) {
    /** The address of WorkOS itself. */
    public static final URI PRODUCTION = URI.create("https://api.workos.com");

    private static final int DEFAULT_MAX_ANSWER_BYTES = 16 << 20;
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    public WorkOsSettings {
        if (clientId.isBlank()) {
            throw new IllegalArgumentException("the WorkOS client id is blank; set WORKOS_CLIENT_ID");
        }
        if (maxAnswerBytes < 1) {
            throw new IllegalArgumentException("the largest answer must be positive, it is " + maxAnswerBytes);
        }
        baseUrl = checked(baseUrl);
    }

    /** Returns settings for WorkOS itself with every default. */
    public static WorkOsSettings of(ApiKey apiKey, String clientId) {
        return new WorkOsSettings(
                apiKey, clientId, PRODUCTION, Timeouts.DEFAULT, RetryRules.DEFAULT, DEFAULT_MAX_ANSWER_BYTES);
    }

    /** Returns the same settings for another address. */
    public WorkOsSettings withBaseUrl(URI other) {
        return new WorkOsSettings(apiKey, clientId, other, timeouts, retries, maxAnswerBytes);
    }

    /** Returns the same settings with other timeouts. */
    public WorkOsSettings withTimeouts(Timeouts other) {
        return new WorkOsSettings(apiKey, clientId, baseUrl, other, retries, maxAnswerBytes);
    }

    /** Returns the same settings with other retry rules. */
    public WorkOsSettings withRetries(RetryRules other) {
        return new WorkOsSettings(apiKey, clientId, baseUrl, timeouts, other, maxAnswerBytes);
    }

    /** Returns the same settings with another limit for answers. */
    public WorkOsSettings withMaxAnswerBytes(int other) {
        return new WorkOsSettings(apiKey, clientId, baseUrl, timeouts, retries, other);
    }

    private static URI checked(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        boolean local = url.getHost() != null && THIS_MACHINE.contains(url.getHost());
        boolean plain = scheme.equals("http");
        boolean bare = url.getRawQuery() == null && url.getRawFragment() == null && url.getRawUserInfo() == null;
        if (url.getHost() == null || !bare || !(scheme.equals("https") || plain)) {
            throw new IllegalArgumentException("the WorkOS base URL must be https://host[:port][/path] and nothing"
                    + " more; check WORKOS_API_HOSTNAME");
        }
        if (plain && !local) {
            throw new IllegalArgumentException("the WorkOS base URL is plain http to another machine, which would send"
                    + " the API key in the clear; use https");
        }
        String text = url.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : url;
    }
}
