package dev.lockstep.workos.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.Clients;
import dev.lockstep.workos.FakeWorkOs;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Authenticated;
import dev.lockstep.workos.authentication.AuthenticationOutcome.CannotTell;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Denied;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuthenticationApiTest {
    private static final String ANSWER = """
            {"user":{"object":"user","id":"user_1","email":"ada@acme.test","first_name":"Ada"},
             "organization_id":"org_1","access_token":"at_secret","refresh_token":"rt_secret",
             "impersonator":{"email":"op@workos.test","reason":"help"},"authentication_method":"Password",
             "from_the_future":true}""";

    private FakeWorkOs workos;
    private WorkOsClient client;
    private AuthenticationApi authentication;

    @BeforeEach
    void start() throws IOException {
        workos = FakeWorkOs.start();
        client = Clients.open(workos.url());
        authentication = new AuthenticationApi(client);
    }

    @AfterEach
    void stop() {
        client.close();
        workos.close();
    }

    @Test
    void aCodeGoesOutWithItsVerifierAndBringsTokens() {
        workos.answers(200, ANSWER);

        AuthenticationOutcome outcome =
                authentication.withCode("code_1", "verifier_1", new Visitor("192.0.2.1", "Firefox"));

        AuthenticationAnswer answer = ((Authenticated) outcome).answer();
        assertThat(answer.accessToken()).isEqualTo("at_secret");
        assertThat(answer.refreshToken()).isEqualTo("rt_secret");
        assertThat(answer.user().id()).isEqualTo(new UserId("user_1"));
        assertThat(answer.user().raw().get("first_name").stringValue()).isEqualTo("Ada");
        assertThat(answer.organizationId()).isEqualTo(new OrganizationId("org_1"));
        assertThat(answer.impersonator().reason()).isEqualTo("help");
        assertThat(answer.authenticationMethod()).isEqualTo("Password");
        assertThat(sent()).isEqualTo(json("""
                {"grant_type":"authorization_code","client_id":"client_test","client_secret":"%s","code":"code_1",
                 "code_verifier":"verifier_1","ip_address":"192.0.2.1","user_agent":"Firefox"}""".formatted(Clients.KEY)));
        assertThat(outcome.toString()).doesNotContain("secret", "ada", "workos.test");
    }

    @Test
    void aRefreshTokenGoesOutWithItsOrganizationOrWithoutOne() {
        workos.answers(200, ANSWER).answers(200, ANSWER);

        authentication.withRefreshToken("rt_1", new OrganizationId("org_2"), Visitor.UNKNOWN);
        assertThat(sent()).isEqualTo(json("""
                {"grant_type":"refresh_token","client_id":"client_test","client_secret":"%s","refresh_token":"rt_1",
                 "organization_id":"org_2"}""".formatted(Clients.KEY)));

        authentication.withRefreshToken("rt_1", null, Visitor.UNKNOWN);
        assertThat(sent().has("organization_id")).isFalse();
    }

    @Test
    void anAnswerOutsideAnyOrganizationIsEnough() {
        workos.answers(200, """
                {"user":{"id":"user_1"},"organization_id":null,"access_token":"a","refresh_token":"r"}""");

        AuthenticationAnswer answer = ((Authenticated) authentication.withCode("c", null, Visitor.UNKNOWN)).answer();

        assertThat(answer.organizationId()).isNull();
        assertThat(answer.impersonator()).isNull();
        assertThat(sent().has("code_verifier")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "400; {\"error\":\"invalid_grant\",\"error_description\":\"Session has already ended.\"}; invalid_grant",
                "403; {\"error\":\"sso_required\",\"email\":\"ada@acme.test\"}; sso_required",
                "403; {\"code\":\"mfa_enrollment\",\"pending_authentication_token\":\"secret\"}; mfa_enrollment",
                "403; {\"code\":\"email_verification_required\"}; email_verification_required",
                "403; {\"error\":\"access_denied\"}; access_denied",
                "404; {\"code\":\"entity_not_found\"}; entity_not_found"
            })
    void aVerdictOfWorkOsIsFinal(int status, String body, String code) {
        workos.answers(status, body);

        assertThat(authentication.withRefreshToken("rt", null, Visitor.UNKNOWN))
                .isInstanceOfSatisfying(Denied.class, denied -> {
                    assertThat(denied.errorCode()).isEqualTo(code);
                    assertThat(denied.status()).isEqualTo(status);
                    assertThat(denied.challenge() != null).isEqualTo(body.contains("pending_authentication_token"));
                    assertThat(denied.toString()).doesNotContain("secret");
                });
        assertThat(workos.asked()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "401; {\"message\":\"Unauthorized\"}; WORKOS_KEY_REFUSED",
                "401; {\"error\":\"invalid_client\"}; WORKOS_KEY_REFUSED",
                "400; {\"error\":\"invalid_client\"}; WORKOS_KEY_REFUSED",
                "400; {\"error\":\"invalid_request\"}; WORKOS_REFUSED",
                "422; {\"code\":\"invalid_request_parameters\"}; WORKOS_REFUSED",
                "400; {\"message\":\"?\"}; WORKOS_REFUSED",
                "400; <html>blocked</html>; WORKOS_MALFORMED_ANSWER",
                "404; {\"message\":\"Cannot POST /x\",\"error\":\"Not Found\"}; WORKOS_MALFORMED_ANSWER",
                "429; {}; WORKOS_RATE_LIMITED",
                "502; <html>bad gateway</html>; WORKOS_UNAVAILABLE",
                "503; {\"error\":\"invalid_grant\"}; WORKOS_UNAVAILABLE",
                "200; <html>welcome</html>; WORKOS_MALFORMED_ANSWER",
                "200; {\"user\":{\"id\":\"u\"},\"access_token\":\"a\"}; WORKOS_MALFORMED_ANSWER",
                "200; {\"user\":{},\"access_token\":\"a\",\"refresh_token\":\"r\"}; WORKOS_MALFORMED_ANSWER",
                "200; {\"access_token\":\"a\",\"refresh_token\":\"r\"}; WORKOS_MALFORMED_ANSWER"
            })
    void everythingElseIsNoVerdictAndIsNotSentTwice(int status, String body, String problem) {
        workos.answers(status, body).answers(200, ANSWER);

        AuthenticationOutcome outcome = authentication.withRefreshToken("rt", null, Visitor.UNKNOWN);

        assertThat(outcome).isInstanceOf(CannotTell.class);
        assertThat(((CannotTell) outcome).problem().code()).isEqualTo(problem);
        assertThat(workos.asked()).hasSize(1);
    }

    @Test
    void aLostAnswerIsNoVerdictAndTheTokenIsNotSentTwice() {
        workos.hangsUp().answers(200, ANSWER);

        AuthenticationOutcome outcome = authentication.withRefreshToken("rt", null, Visitor.UNKNOWN);

        assertThat(((CannotTell) outcome).problem()).isInstanceOf(WorkOsProblem.Unreachable.class);
        assertThat(workos.asked()).hasSize(1);
    }

    private JsonNode sent() {
        return json(workos.asked().getLast().body());
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
