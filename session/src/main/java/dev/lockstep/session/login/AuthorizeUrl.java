package dev.lockstep.session.login;

import dev.lockstep.session.problem.SessionProblem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds WorkOS's authorize address: names in order, values escaped, PKCE always S256. */
final class AuthorizeUrl {
    private static final String AUTHKIT = "authkit";

    private AuthorizeUrl() {}

    static String build(LoginSettings settings, LoginRequest request, String state, String challenge) {
        var parameters = new TreeMap<String, String>(request.parameters());
        if (!parameters.containsKey("connection_id")) {
            parameters.putIfAbsent("provider", AUTHKIT);
        }
        if (parameters.containsKey("screen_hint") && !AUTHKIT.equals(parameters.get("provider"))) {
            throw new SessionProblem(
                    SessionProblem.Code.SESSION_LOGIN_REQUEST_INVALID,
                    List.of("a screen hint works with AuthKit's own page only: leave out the hint, or the provider and"
                            + " connection"));
        }
        parameters.put("client_id", settings.clientId());
        if (!settings.allowsRedirect(parameters.computeIfAbsent("redirect_uri", name -> settings.redirectUri()))) {
            throw new SessionProblem(
                    SessionProblem.Code.SESSION_LOGIN_REQUEST_INVALID,
                    List.of("the redirect URI of this sign-in is none of the configured ones: add it to them and to"
                            + " WorkOS's list, or leave it out"));
        }
        parameters.put("response_type", "code");
        parameters.put("state", state);
        parameters.put("code_challenge", challenge);
        parameters.put("code_challenge_method", "S256");
        var pairs = new ArrayList<String>();
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            pairs.add(escaped(parameter.getKey()) + "=" + escaped(parameter.getValue()));
        }
        for (String scope : request.providerScopes()) {
            pairs.add("provider_scopes=" + escaped(scope));
        }
        return settings.workOsUrl() + "/user_management/authorize?" + String.join("&", pairs);
    }

    /** As a form is escaped, with the star as well: everybody agrees on that spelling. */
    static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("*", "%2A");
    }
}
