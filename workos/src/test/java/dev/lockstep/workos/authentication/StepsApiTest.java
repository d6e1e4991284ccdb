package dev.lockstep.workos.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.workos.Clients;
import dev.lockstep.workos.FakeWorkOs;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Authenticated;
import dev.lockstep.workos.authentication.AuthenticationOutcome.CannotTell;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Denied;
import java.io.IOException;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class StepsApiTest {
    private static final String ANSWER = """
            {"user":{"id":"user_1","email":"ada@acme.test"},"access_token":"at_secret","refresh_token":"rt_secret"}""";
    private static final Visitor VISITOR = new Visitor("192.0.2.1", "Firefox");
    private static final String URN = "urn:workos:oauth:grant-type:";

    private FakeWorkOs workos;
    private WorkOsClient client;
    private StepsApi steps;

    @BeforeEach
    void start() throws IOException {
        workos = FakeWorkOs.start();
        client = Clients.open(workos.url());
        steps = new StepsApi(client);
    }

    @AfterEach
    void stop() {
        client.close();
        workos.close();
    }

    static Stream<Arguments> everyStep() {
        return Stream.of(
                step(
                        "{'grant_type':'password','email':'a@b.test','password':'pw','invitation_token':'inv'}",
                        (api, c) -> api.withPassword("a@b.test", "pw", "inv", VISITOR)),
                step(
                        "{'grant_type':'" + URN + "magic-auth:code','email':'a@b.test','code':'123456'}",
                        (api, c) -> api.withMagicAuth("a@b.test", "123456", null, VISITOR)),
                step(
                        "{'grant_type':'" + URN + "email-verification:code','code':'123456'}",
                        (api, c) -> api.withEmailVerification(c, "123456", VISITOR)),
                step(
                        "{'grant_type':'" + URN
                                + "mfa-totp','code':'123456','authentication_challenge_id':'auth_challenge_1'}",
                        (api, c) -> api.withTotp(c, "auth_challenge_1", "123456", VISITOR)),
                step(
                        "{'grant_type':'" + URN + "organization-selection','organization_id':'org_2'}",
                        (api, c) -> api.withOrganization(c, new OrganizationId("org_2"), VISITOR)),
                step(
                        "{'grant_type':'" + URN
                                + "radar-email-challenge:code','code':'123456','radar_challenge_id':'radar_1'}",
                        (api, c) -> api.withRadarEmail(c, "radar_1", "123456", VISITOR)),
                step(
                        "{'grant_type':'" + URN + "radar-sms-challenge:code','code':'123456',"
                                + "'verification_id':'ver_1','phone_number':'+431'}",
                        (api, c) -> api.withRadarSms(c, "ver_1", "+431", "123456", VISITOR)));
    }

    private static Arguments step(String sent, BiFunction<StepsApi, Challenge, AuthenticationOutcome> call) {
        return Arguments.of(sent.replace('\'', '"'), call);
    }

    @ParameterizedTest
    @MethodSource("everyStep")
    void everyStepSendsWhatWorkOsAsksForAndBringsTokens(
            String sent, BiFunction<StepsApi, Challenge, AuthenticationOutcome> call) {
        workos.answers(200, ANSWER);
        Challenge challenge = new Challenge("pending_secret", json("{}"));

        AuthenticationOutcome outcome = call.apply(steps, challenge);

        assertThat(outcome).isInstanceOf(Authenticated.class);
        ObjectNode expected = (ObjectNode) json(sent);
        expected.put("client_id", "client_test").put("client_secret", Clients.KEY);
        expected.put("ip_address", "192.0.2.1").put("user_agent", "Firefox");
        if (!sent.contains("\"password\"") && !sent.contains("magic-auth")) {
            expected.put("pending_authentication_token", "pending_secret");
        }
        assertThat(json(workos.asked().getFirst().body())).isEqualTo(expected);
        assertThat(workos.asked().getFirst().path()).isEqualTo("/user_management/authenticate");
    }

    @Test
    void aRefusalWithANextStepSaysWhatItIs() {
        workos.answers(403, """
                {"code":"organization_selection_required","message":"Choose.","pending_authentication_token":"pending_secret",
                 "email":"ada@acme.test","email_verification_id":"ev_1","authentication_challenge":{"id":"auth_challenge_1"},
                 "authentication_factors":[{"id":"auth_factor_1","type":"totp"},{"type":"totp"}],
                 "organizations":[{"id":"org_1","name":"Acme"},{"id":"org_2"},{"name":"nobody"}]}""");

        Denied denied = (Denied) steps.withPassword("ada@acme.test", "pw", null, VISITOR);

        Challenge challenge = Objects.requireNonNull(denied.challenge());
        assertThat(denied.errorCode()).isEqualTo("organization_selection_required");
        assertThat(challenge.pendingToken()).isEqualTo("pending_secret");
        assertThat(challenge.email()).contains("ada@acme.test");
        assertThat(challenge.emailVerificationId()).contains("ev_1");
        assertThat(challenge.authenticationChallengeId()).contains("auth_challenge_1");
        assertThat(challenge.factors()).containsExactly("auth_factor_1");
        assertThat(challenge.organizations())
                .containsExactly(
                        new Challenge.Choice(new OrganizationId("org_1"), "Acme"),
                        new Challenge.Choice(new OrganizationId("org_2"), "org_2"));
        assertThat(denied.toString()).doesNotContain("secret", "ada");
    }

    @Test
    void anOutageIsNoVerdictAndThePasswordIsSentOnce() {
        workos.answers(503, "<html>");

        assertThat(steps.withPassword("ada@acme.test", "pw", null, VISITOR)).isInstanceOf(CannotTell.class);
        assertThat(workos.asked()).hasSize(1);
    }

    @Test
    void aFactorIsChallengedByItsId() {
        workos.answers(201, "{\"id\":\"auth_challenge_9\"}").answers(201, "{}");

        assertThat(steps.challengeFactor("auth_factor_1")).isEqualTo("auth_challenge_9");
        assertThat(workos.asked().getFirst().path()).isEqualTo("/auth/factors/auth_factor_1/challenge");
        assertThatThrownBy(() -> steps.challengeFactor("auth_factor_1")).isInstanceOf(WorkOsException.class);
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
