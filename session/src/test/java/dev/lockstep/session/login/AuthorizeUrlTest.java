package dev.lockstep.session.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.problem.SessionProblem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthorizeUrlTest {
    private final LoginKit kit = new LoginKit();

    @Test
    void everyParameterReachesWorkOsInOrderAndEscaped() {
        LoginRequest request = LoginRequest.to("/x")
                .withScreenHint(LoginRequest.ScreenHint.SIGN_UP)
                .withLoginHint("a+b@c.test")
                .withOrganization(new OrganizationId("org_1"))
                .withDomainHint("c.test")
                .withInvitation("inv")
                .withPasswordReset("reset")
                .withClaimNonce("nonce")
                .withPrompt(LoginRequest.Prompt.SELECT_ACCOUNT)
                .withMaxAge(Duration.ofMinutes(5))
                .withProviderScopes(List.of("one", "two"))
                .withProviderQuery("hd", "c.test");
        String url = kit.begin(request).authorizeUrl();
        assertThat(url).startsWith("https://api.workos.com/user_management/authorize?claim_nonce=nonce&client_id=");
        assertThat(url).doesNotContain("*").contains("login_hint=a%2Bb%40c.test");
        Map<String, List<String>> sent = LoginKit.query(url);
        assertThat(sent)
                .containsEntry("screen_hint", List.of("sign-up"))
                .containsEntry("provider", List.of("authkit"))
                .containsEntry("organization_id", List.of("org_1"))
                .containsEntry("domain_hint", List.of("c.test"))
                .containsEntry("invitation_token", List.of("inv"))
                .containsEntry("password_reset_token", List.of("reset"))
                .containsEntry("prompt", List.of("select_account"))
                .containsEntry("max_age", List.of("300"))
                .containsEntry("provider_scopes", List.of("one", "two"))
                .containsEntry("provider_query_params[hd]", List.of("c.test"))
                .containsEntry("response_type", List.of("code"))
                .containsEntry("redirect_uri", List.of("https://app.example.test/api/auth/callback"))
                .containsEntry("code_challenge_method", List.of("S256"));
    }

    @Test
    void aConnectionOrAProviderReplacesAuthKitAndForbidsItsScreens() {
        assertThat(kit.begin(LoginRequest.to("/").withConnection("conn_1")).authorizeUrl())
                .contains("connection_id=conn_1")
                .doesNotContain("provider=");
        assertThat(kit.begin(LoginRequest.to("/").withProvider("GoogleOAuth")).authorizeUrl())
                .contains("provider=GoogleOAuth");
        assertThatExceptionOfType(SessionProblem.class)
                .isThrownBy(() -> kit.begin(LoginRequest.to("/")
                        .withProvider("GoogleOAuth")
                        .withScreenHint(LoginRequest.ScreenHint.SIGN_IN)));
    }

    @Test
    void whatVisitorsWriteIntoHintsCannotBreakTheAddress() {
        LoginRequest request = LoginRequest.to("/")
                .withLoginHint("a\r\nb")
                .withDomainHint("x".repeat(1025))
                .withInvitation(" ")
                .withProvider(null);
        assertThat(request).isEqualTo(LoginRequest.to("/"));
    }
}
