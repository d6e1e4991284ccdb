package dev.lockstep.starter.web;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.login.LoginRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads from an address of ours what to ask WorkOS for: every parameter of its authorize address that a link may carry,
 * in the spelling of either language. What does not fit is left out; a link never breaks a sign-in.
 */
final class LoginWish {
    private static final int LONGEST_ID = 255;
    private static final long LONGEST_AGE = Duration.ofDays(366).toSeconds();

    private final HttpServletRequest request;
    private final Collection<String> redirectUris;

    private LoginWish(HttpServletRequest request, Collection<String> redirectUris) {
        this.request = request;
        this.redirectUris = redirectUris;
    }

    /**
     * @param home where a sign-in without a destination ends
     * @param redirectUris the callback addresses that a link may name; any other is left out
     */
    static LoginRequest of(HttpServletRequest request, String home, Collection<String> redirectUris) {
        return new LoginWish(request, redirectUris).read(home);
    }

    private LoginRequest read(String home) {
        String returnTo = text("returnTo", "return_to");
        String provider = text("provider", "provider");
        String connection = text("connectionId", "connection_id");
        boolean hosted = connection == null && (provider == null || provider.equals("authkit"));
        return LoginRequest.to(returnTo == null ? home : returnTo)
                .withLoginHint(text("loginHint", "login_hint"))
                .withOrganization(organization(text("organizationId", "organization_id")))
                .withConnection(connection)
                .withProvider(provider)
                .withDomainHint(text("domainHint", "domain_hint"))
                .withInvitation(text("invitationToken", "invitation_token"))
                .withPasswordReset(text("passwordResetToken", "password_reset_token"))
                .withRedirectUri(listed(text("redirectUri", "redirect_uri")))
                .withPrompt(prompt(text("prompt", "prompt")))
                .withMaxAge(seconds(text("maxAge", "max_age")))
                .withScreenHint(hosted ? screen(text("screenHint", "screen_hint")) : null);
    }

    private @Nullable String text(String name, String otherName) {
        String value = request.getParameter(name);
        String found = value == null ? request.getParameter(otherName) : value;
        return found == null || found.isBlank() ? null : found;
    }

    private @Nullable String listed(@Nullable String address) {
        return address != null && redirectUris.contains(address) ? address : null;
    }

    private static @Nullable OrganizationId organization(@Nullable String id) {
        return id == null || id.length() > LONGEST_ID ? null : new OrganizationId(id);
    }

    private static LoginRequest.@Nullable ScreenHint screen(@Nullable String name) {
        return "sign-up".equals(name)
                ? LoginRequest.ScreenHint.SIGN_UP
                : "sign-in".equals(name) ? LoginRequest.ScreenHint.SIGN_IN : null;
    }

    private static LoginRequest.@Nullable Prompt prompt(@Nullable String name) {
        for (LoginRequest.Prompt prompt : LoginRequest.Prompt.values()) {
            if (prompt.name().toLowerCase(Locale.ROOT).equals(name)) {
                return prompt;
            }
        }
        return null;
    }

    /** Whole seconds, digits only. */
    static @Nullable Duration seconds(@Nullable String digits) {
        if (digits == null || digits.length() > 9 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        long seconds = Long.parseLong(digits);
        return seconds > LONGEST_AGE ? null : Duration.ofSeconds(seconds);
    }
}
