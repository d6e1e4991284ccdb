package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an application asked for when it sent the browser to the login page; its redirect URI is already allowed. */
record AuthorizeAsk(
        String clientId,
        URI redirectUri,
        @Nullable String state,
        @Nullable String challenge,
        @Nullable String loginHint,
        @Nullable OrganizationId organization,
        boolean signUp,
        @Nullable String prompt) {

    static final String PATH = "/user_management/authorize";

    /** Where the browser goes with a code, or with the error that ended the sign-in. */
    URI back(Map<String, String> answer) {
        Map<String, String> query = new LinkedHashMap<>(answer);
        if (state != null) {
            query.put("state", state);
        }
        String base = redirectUri.toString();
        return URI.create(base + (redirectUri.getRawQuery() == null ? "?" : "&") + joined(query));
    }

    URI refused(String error, String description) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("error", error);
        answer.put("error_description", description);
        return back(answer);
    }

    /** The address of the same page in its other shape. */
    String page(boolean signUpShape, @Nullable String hint) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("client_id", clientId);
        query.put("redirect_uri", redirectUri.toString());
        query.put("response_type", "code");
        query.put("provider", "authkit");
        put(query, "state", state);
        put(query, "code_challenge", challenge);
        put(query, "code_challenge_method", challenge == null ? null : "S256");
        put(query, "login_hint", hint);
        put(query, "organization_id", organization == null ? null : organization.value());
        put(query, "screen_hint", signUpShape ? "sign-up" : "sign-in");
        return PATH + "?" + joined(query);
    }

    private static void put(Map<String, String> query, String name, @Nullable String value) {
        if (value != null) {
            query.put(name, value);
        }
    }

    private static String joined(Map<String, String> query) {
        StringBuilder text = new StringBuilder();
        query.forEach((name, value) -> text.append(text.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return text.toString();
    }
}
