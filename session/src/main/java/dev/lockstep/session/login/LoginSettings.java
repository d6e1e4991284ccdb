package dev.lockstep.session.login;

import dev.lockstep.session.problem.SessionProblem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where WorkOS is and who we are to it.
 *
 * @param workOsUrl the address browsers are sent to, such as {@code https://api.workos.com}
 * @param clientId the WorkOS client id
 * @param redirectUri the callback address, exactly as WorkOS knows it; never taken from a request
 * @param issuers the {@code iss} values a callback may carry
 */
public record LoginSettings(String workOsUrl, String clientId, String redirectUri, Set<String> issuers) {

    /** @throws SessionProblem naming everything that is wrong */
    public LoginSettings {
        issuers = Set.copyOf(issuers);
        var problems = new ArrayList<String>();
        if (clientId.isBlank()) {
            problems.add("no WorkOS client id is set: copy it from the WorkOS dashboard");
        }
        checkAddress("the WorkOS address", workOsUrl, problems);
        checkAddress("the redirect URI", redirectUri, problems);
        if (issuers.isEmpty()) {
            problems.add("no token issuer is set: name the WorkOS address");
        }
        SessionProblem.throwIfAny(SessionProblem.Code.SESSION_LOGIN_SETTINGS_INVALID, problems);
        workOsUrl = workOsUrl.endsWith("/") ? workOsUrl.substring(0, workOsUrl.length() - 1) : workOsUrl;
    }

    private static void checkAddress(String what, String address, List<String> problems) {
        try {
            URI uri = new URI(address);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null) {
                return;
            }
        } catch (URISyntaxException malformed) {
            // reported below, without the value
        }
        problems.add(what + " must be an absolute http or https address: correct it");
    }
}
