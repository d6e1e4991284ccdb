package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.login.LoginRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class LoginWishTest {
    private final MockHttpServletRequest request = new MockHttpServletRequest();

    @Test
    void everyParameterOfALinkReachesTheWish() {
        request.addParameter("returnTo", "/there");
        request.addParameter("loginHint", "ada@acme.test");
        request.addParameter("organizationId", "org_1");
        request.addParameter("domainHint", "acme.test");
        request.addParameter("invitationToken", "inv_1");
        request.addParameter("passwordResetToken", "reset_1");
        request.addParameter("prompt", "select_account");
        request.addParameter("maxAge", "300");
        request.addParameter("screenHint", "sign-up");
        assertThat(wish())
                .isEqualTo(LoginRequest.to("/there")
                        .withLoginHint("ada@acme.test")
                        .withOrganization(new OrganizationId("org_1"))
                        .withDomainHint("acme.test")
                        .withInvitation("inv_1")
                        .withPasswordReset("reset_1")
                        .withPrompt(LoginRequest.Prompt.SELECT_ACCOUNT)
                        .withMaxAge(Duration.ofMinutes(5))
                        .withScreenHint(LoginRequest.ScreenHint.SIGN_UP));
    }

    @Test
    void theSpellingOfWorkOsIsUnderstoodToo() {
        request.addParameter("organization_id", "org_1");
        request.addParameter("invitation_token", "inv_1");
        request.addParameter("max_age", "0");
        assertThat(wish())
                .isEqualTo(LoginRequest.to("/home")
                        .withOrganization(new OrganizationId("org_1"))
                        .withInvitation("inv_1")
                        .withMaxAge(Duration.ZERO));
    }

    @Test
    void aConnectionOrAProviderLeavesTheScreenHintOut() {
        request.addParameter("screenHint", "sign-up");
        request.addParameter("provider", "GoogleOAuth");
        assertThat(wish()).isEqualTo(LoginRequest.to("/home").withProvider("GoogleOAuth"));
        request.addParameter("connectionId", "conn_1");
        request.removeParameter("provider");
        assertThat(wish()).isEqualTo(LoginRequest.to("/home").withConnection("conn_1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "5m", "1e3", "99999999999", "32000000", "٣", " "})
    void anAgeThatIsNoNumberOfSecondsIsLeftOut(String age) {
        request.addParameter("maxAge", age);
        request.addParameter("prompt", "CONSENT");
        assertThat(wish()).isEqualTo(LoginRequest.to("/home"));
    }

    @Test
    void onlyAListedCallbackIsAskedFor() {
        request.addParameter("redirectUri", "https://acme.app.example/callback");
        assertThat(wish()).isEqualTo(LoginRequest.to("/home").withRedirectUri("https://acme.app.example/callback"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/callback",
                "https://acme.app.example/callback/",
                "https://acme.app.example/callback?x=1",
                "https://ACME.app.example/callback",
                "//acme.app.example/callback",
                "javascript:alert(1)"
            })
    void anyOtherCallbackIsLeftOut(String address) {
        request.addParameter("redirect_uri", address);
        assertThat(wish()).isEqualTo(LoginRequest.to("/home"));
    }

    private LoginRequest wish() {
        return LoginWish.of(request, "/home", List.of("https://acme.app.example/callback"));
    }
}
