package dev.lockstep.session.token;

import dev.lockstep.session.problem.SessionProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which tokens are ours.
 *
 * @param issuers the {@code iss} values that are believed, compared exactly
 * @param audiences the {@code aud} and {@code client_id} values that are ours; a token that names neither is accepted
 * @param leeway how far clocks may disagree, at most 60 seconds
 */
public record TokenSettings(Set<String> issuers, Set<String> audiences, Duration leeway) {
    /** What the leeway is unless said otherwise. */
    public static final Duration DEFAULT_LEEWAY = Duration.ofSeconds(30);
    /** The most that clocks may be allowed to disagree. */
    public static final Duration LONGEST_LEEWAY = Duration.ofMinutes(1);

    /** @throws SessionProblem naming everything that is wrong */
    public TokenSettings {
        issuers = Set.copyOf(issuers);
        audiences = Set.copyOf(audiences);
        var problems = new ArrayList<String>();
        if (issuers.isEmpty() || issuers.stream().anyMatch(String::isBlank)) {
            problems.add("no token issuer is set: name the WorkOS API address or the custom authentication domain");
        }
        if (audiences.isEmpty() || audiences.stream().anyMatch(String::isBlank)) {
            problems.add("no WorkOS client id is set: copy it from the WorkOS dashboard");
        }
        if (leeway.isNegative() || leeway.compareTo(LONGEST_LEEWAY) > 0) {
            problems.add("the clock leeway is " + leeway.toSeconds() + " s: choose 0 to " + LONGEST_LEEWAY.toSeconds());
        }
        SessionProblem.throwIfAny(SessionProblem.Code.SESSION_TOKEN_SETTINGS_INVALID, problems);
    }

    /**
     * Returns the settings for one WorkOS client: each address in both forms that WorkOS uses as an issuer, alone and
     * with the client id.
     *
     * @param clientId the WorkOS client id
     * @param addresses the API address and any custom authentication domain, such as {@code https://api.workos.com}
     */
    public static TokenSettings of(String clientId, List<String> addresses) {
        var issuers = new LinkedHashSet<String>();
        for (String address : addresses) {
            String bare = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
            if (!bare.isBlank()) {
                issuers.add(bare);
                issuers.add(bare + "/");
                issuers.add(bare + "/user_management/" + clientId);
            }
        }
        return new TokenSettings(issuers, Set.of(clientId), DEFAULT_LEEWAY);
    }

    /** Returns the same with another leeway. */
    public TokenSettings withLeeway(Duration other) {
        return new TokenSettings(issuers, audiences, other);
    }
}
