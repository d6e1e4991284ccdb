package dev.lockstep.session.login;

import dev.lockstep.session.problem.SessionProblem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where WorkOS is and who we are to it.
 *
 * @param workOsUrl the address browsers are sent to, such as {@code https://api.workos.com}
 * @param clientId the WorkOS client id
 * @param redirectUri the callback address, exactly as WorkOS knows it; never taken from a request
 * @param issuers the {@code iss} values a callback may carry
 * @param otherRedirectUris further callback addresses that one attempt may ask for; WorkOS has to know them too
 */
public record LoginSettings(
        String workOsUrl, String clientId, String redirectUri, Set<String> issuers, Set<String> otherRedirectUris) {

    /** The same with one callback address only. */
    public LoginSettings(String workOsUrl, String clientId, String redirectUri, Set<String> issuers) {
        this(workOsUrl, clientId, redirectUri, issuers, Set.of());
    }

    /** @throws SessionProblem naming everything that is wrong */
    public LoginSettings {
        issuers = Set.copyOf(issuers);
        otherRedirectUris = Set.copyOf(otherRedirectUris);
        var problems = new ArrayList<String>();
        if (clientId.isBlank()) {
            problems.add("no WorkOS client id is set: copy it from the WorkOS dashboard");
        }
        checkAddress("the WorkOS address", workOsUrl, problems);
        checkAddress("the redirect URI", redirectUri, problems);
        for (String other : otherRedirectUris) {
            checkAddress("each further redirect URI", other, problems);
        }
        if (issuers.isEmpty()) {
            problems.add("no token issuer is set: name the WorkOS address");
        }
        SessionProblem.throwIfAny(SessionProblem.Code.SESSION_LOGIN_SETTINGS_INVALID, problems);
        workOsUrl = workOsUrl.endsWith("/") ? workOsUrl.substring(0, workOsUrl.length() - 1) : workOsUrl;
    }

    /** Returns whether an attempt may come back to this address: exactly one of ours, never part of one. */
    public boolean allowsRedirect(String address) {
        return address.equals(redirectUri) || otherRedirectUris.contains(address);
    }

    /** Returns the origin of another callback address; null for the usual one and for one that is not listed now. */
    @Nullable
    String originOf(@Nullable String address) {
        if (address == null || !otherRedirectUris.contains(address)) {
            return null;
        }
        URI uri = URI.create(address);
        return uri.getScheme() + "://" + uri.getRawAuthority();
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
