package dev.lockstep.session.login;

import dev.lockstep.identity.OrganizationId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One wish to sign in, with everything WorkOS can be told. Start with {@link #to} and add. Texts come from visitors as
 * they are: one that is blank, has control characters or is longer than 1,024 is left out.
 */
public final class LoginRequest {
    private static final int LONGEST = 1024;

    private final String returnPath;
    private final Map<String, String> parameters;
    private final List<String> providerScopes;
    private final @Nullable String appState;

    private LoginRequest(
            String returnPath, Map<String, String> parameters, List<String> providerScopes, @Nullable String appState) {
        this.appState = appState;
        this.returnPath = returnPath;
        this.parameters = Map.copyOf(parameters);
        this.providerScopes = List.copyOf(providerScopes);
    }

    /** Which of its two pages WorkOS shows first. */
    public enum ScreenHint {
        SIGN_IN("sign-in"),
        SIGN_UP("sign-up");

        private final String text;

        ScreenHint(String text) {
            this.text = text;
        }
    }

    /** Whether WorkOS asks although it may know the person already. */
    public enum Prompt {
        LOGIN("login"),
        NONE("none"),
        CONSENT("consent"),
        SELECT_ACCOUNT("select_account");

        private final String text;

        Prompt(String text) {
            this.text = text;
        }
    }

    /** Returns a wish to sign in and then go to a page; anything but a path of this site becomes the home page. */
    public static LoginRequest to(@Nullable String untrustedReturnTo) {
        return new LoginRequest(ReturnPath.of(untrustedReturnTo), Map.of(), List.of(), null);
    }

    /** Shows the sign-up or sign-in page first. */
    public LoginRequest withScreenHint(@Nullable ScreenHint hint) {
        return hint == null ? this : with("screen_hint", hint.text);
    }

    /** Fills in the e-mail address. */
    public LoginRequest withLoginHint(@Nullable String loginHint) {
        return with("login_hint", loginHint);
    }

    /** Signs in to an organization, by its own rules. */
    public LoginRequest withOrganization(@Nullable OrganizationId organization) {
        return organization == null ? this : with("organization_id", organization.value());
    }

    /** Goes straight to one SSO connection. */
    public LoginRequest withConnection(@Nullable String connectionId) {
        return with("connection_id", connectionId);
    }

    /** Goes straight to one provider, such as {@code GoogleOAuth}; AuthKit's own page is the default. */
    public LoginRequest withProvider(@Nullable String provider) {
        return with("provider", provider);
    }

    /** Asks the provider for further scopes. */
    public LoginRequest withProviderScopes(List<String> scopes) {
        return new LoginRequest(
                returnPath,
                parameters,
                scopes.stream().filter(LoginRequest::isFit).toList(),
                appState);
    }

    /** Hands a query parameter through to the provider. */
    public LoginRequest withProviderQuery(String name, @Nullable String value) {
        return isFit(name) ? with("provider_query_params[" + name + "]", value) : this;
    }

    /** Hints at the domain of the person's e-mail address. */
    public LoginRequest withDomainHint(@Nullable String domain) {
        return with("domain_hint", domain);
    }

    /** Accepts an invitation on the way. */
    public LoginRequest withInvitation(@Nullable String invitationToken) {
        return with("invitation_token", invitationToken);
    }

    /** Continues a reset of a password on the way. */
    public LoginRequest withPasswordReset(@Nullable String passwordResetToken) {
        return with("password_reset_token", passwordResetToken);
    }

    /**
     * Comes back to another callback address than the usual one. It has to be one of
     * {@link LoginSettings#otherRedirectUris}; a flow refuses to begin with any other.
     */
    public LoginRequest withRedirectUri(@Nullable String redirectUri) {
        return with("redirect_uri", redirectUri);
    }

    /** Claims a one-shot environment on the way. */
    public LoginRequest withClaimNonce(@Nullable String nonce) {
        return with("claim_nonce", nonce);
    }

    /** Asks again although WorkOS may know the person. */
    public LoginRequest withPrompt(@Nullable Prompt prompt) {
        return prompt == null ? this : with("prompt", prompt.text);
    }

    /** Asks again unless the person proved who they are within this time, in whole seconds. */
    public LoginRequest withMaxAge(@Nullable Duration maxAge) {
        return maxAge == null || maxAge.isNegative() ? this : with("max_age", Long.toString(maxAge.toSeconds()));
    }

    /**
     * Takes a text of the application along; it comes back with the sign-in and travels sealed, so that neither the
     * browser nor WorkOS can read or change it.
     */
    public LoginRequest withAppState(@Nullable String text) {
        return text == null || !isFit(text) ? this : new LoginRequest(returnPath, parameters, providerScopes, text);
    }

    /** Returns where to go afterwards, always a path of this site. */
    public String returnPath() {
        return returnPath;
    }

    @Nullable
    String redirectUri() {
        return parameters.get("redirect_uri");
    }

    @Nullable
    String appState() {
        return appState;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    List<String> providerScopes() {
        return providerScopes;
    }

    private LoginRequest with(String name, @Nullable String value) {
        if (value == null || !isFit(value)) {
            return this;
        }
        var more = new TreeMap<>(parameters);
        more.put(name, value);
        return new LoginRequest(returnPath, more, providerScopes, appState);
    }

    private static boolean isFit(String value) {
        return !value.isBlank() && value.length() <= LONGEST && value.chars().noneMatch(Character::isISOControl);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LoginRequest that
                && returnPath.equals(that.returnPath)
                && parameters.equals(that.parameters)
                && providerScopes.equals(that.providerScopes)
                && Objects.equals(appState, that.appState);
    }

    @Override
    public int hashCode() {
        return Objects.hash(returnPath, parameters, providerScopes, appState);
    }

    /** Names what was asked for, not the values. */
    @Override
    public String toString() {
        return "LoginRequest" + new TreeMap<>(parameters).keySet();
    }
}
