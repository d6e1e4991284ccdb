package dev.lockstep.workos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.workos.WorkOsProblem.Unavailable;
import dev.lockstep.workos.WorkOsProblem.Unreachable;
import dev.lockstep.workos.authentication.AuthenticationAnswer;
import dev.lockstep.workos.authentication.AuthenticationApi;
import dev.lockstep.workos.authentication.AuthenticationOutcome;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Authenticated;
import dev.lockstep.workos.authentication.AuthenticationOutcome.CannotTell;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Denied;
import dev.lockstep.workos.authentication.SessionsApi;
import dev.lockstep.workos.authentication.SigningKeysApi;
import dev.lockstep.workos.authentication.Visitor;
import dev.lockstep.workos.object.WorkOsSession;
import dev.lockstep.workos.user.UsersApi;
import dev.lockstep.workosdouble.SignedIn;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Signing in, staying in and getting out, against the WorkOS double: both sides must mean the same by it. */
class SignInContractTest extends AgainstTheDouble {
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    @Test
    void aCodeOfTheLoginPageIsGoodOnceAndOnlyWithItsVerifier() throws IOException, InterruptedException {
        AuthenticationApi authentication = new AuthenticationApi(client);
        String code = codeOfTheLoginPage();

        AuthenticationOutcome wrong = authentication.withCode(code, "x".repeat(43), Visitor.UNKNOWN);
        AuthenticationOutcome right = authentication.withCode(code, VERIFIER, Visitor.UNKNOWN);
        AuthenticationOutcome again = authentication.withCode(code, VERIFIER, Visitor.UNKNOWN);

        assertThat(wrong).isEqualTo(new Denied("invalid_grant", 400));
        assertThat(again).isEqualTo(new Denied("invalid_grant", 400));
        AuthenticationAnswer answer = ((Authenticated) right).answer();
        assertThat(answer.user().id()).isEqualTo(ada);
        assertThat(answer.user().email()).isEqualTo("ada@acme.test");
        assertThat(answer.organizationId()).isEqualTo(acme);
        assertThat(answer.accessToken().split("\\.")).hasSize(3);
        assertThat(answer.authenticationMethod()).isEqualTo("Password");
    }

    @Test
    void aRefreshRotatesAndItsReplayGivesTheSameWithinTheGrace() {
        AuthenticationApi authentication = new AuthenticationApi(client);
        SignedIn signedIn = workos.signIn(ada, acme);

        AuthenticationAnswer first = refreshed(authentication, signedIn.refreshToken(), null);
        AuthenticationAnswer replay = refreshed(authentication, signedIn.refreshToken(), null);
        clock.advance(Duration.ofSeconds(31));

        assertThat(first.refreshToken()).isNotEqualTo(signedIn.refreshToken());
        assertThat(replay.refreshToken()).isEqualTo(first.refreshToken());
        assertThat(authentication.withRefreshToken(signedIn.refreshToken(), null, Visitor.UNKNOWN))
                .isEqualTo(new Denied("invalid_grant", 400));
    }

    @Test
    void aRefreshCanChangeTheOrganizationAndOnlyToOneOfTheirOwn() {
        AuthenticationApi authentication = new AuthenticationApi(client);
        OrganizationId globex = workos.createOrganization("Globex Health");
        OrganizationId stranger = workos.createOrganization("Stranger");
        workos.addMember(ada, globex, VIEWER);
        SignedIn signedIn = workos.signIn(ada, acme);

        AuthenticationAnswer inGlobex = refreshed(authentication, signedIn.refreshToken(), globex);

        assertThat(inGlobex.organizationId()).isEqualTo(globex);
        assertThat(authentication.withRefreshToken(inGlobex.refreshToken(), stranger, Visitor.UNKNOWN))
                .isEqualTo(new Denied("access_denied", 403));
    }

    @Test
    void aRevokedSessionIsGoneFromTheListAndItsRefreshIsDenied() {
        SessionsApi sessions = new SessionsApi(client);
        SignedIn one = workos.signIn(ada, acme);
        SignedIn two = workos.signIn(ada, null);
        assertThat(sessions.page(ada, null).items())
                .extracting(WorkOsSession::id)
                .containsExactlyInAnyOrder(one.session(), two.session());

        assertThat(sessions.revoke(one.session())).isTrue();
        assertThat(sessions.revoke(one.session()))
                .as("revoking twice is revoking")
                .isTrue();
        assertThat(sessions.revoke(new SessionId("session_unknown"))).isFalse();

        assertThat(sessions.page(ada, null).items())
                .extracting(WorkOsSession::id)
                .containsExactly(two.session());
        assertThat(new AuthenticationApi(client).withRefreshToken(one.refreshToken(), null, Visitor.UNKNOWN))
                .isEqualTo(new Denied("invalid_grant", 400));
    }

    @Test
    void theKeySetHoldsTheKeyOfTheTokens() {
        String header = new String(
                Base64.getUrlDecoder()
                        .decode(workos.signIn(ada, acme).accessToken().split("\\.")[0]),
                StandardCharsets.UTF_8);
        String kid = header.replaceAll(".*\"kid\":\"([^\"]+)\".*", "$1");

        assertThat(new SigningKeysApi(client).document()).contains("\"kid\":\"" + kid + "\"", "\"RS256\"");
    }

    @Test
    void anOutageDeniesNobodyAndPasses() {
        AuthenticationApi authentication = new AuthenticationApi(client);
        SignedIn signedIn = workos.signIn(ada, acme);

        workos.faults().failNext("/user_management/authenticate", 502, 1);
        assertThat(authentication.withRefreshToken(signedIn.refreshToken(), null, Visitor.UNKNOWN))
                .isEqualTo(new CannotTell(new Unavailable(502, 1)));
        workos.faults().goDark();
        assertThat(authentication.withRefreshToken(signedIn.refreshToken(), null, Visitor.UNKNOWN))
                .isEqualTo(new CannotTell(new Unreachable("connection lost", 1)));
        workos.faults().comeBack();
        workos.faults().failNext("/user_management/users", 429, 1, Duration.ofSeconds(1));

        assertThat(new UsersApi(client).find(ada)).isPresent();
        assertThat(refreshed(authentication, signedIn.refreshToken(), null)
                        .user()
                        .id())
                .isEqualTo(ada);
    }

    @Test
    void aWrongKeyIsOurMistakeAndDeniesNobody() {
        SignedIn signedIn = workos.signIn(ada, acme);
        try (WorkOsClient stranger = open("sk_test_of_somebody_else")) {
            AuthenticationOutcome outcome =
                    new AuthenticationApi(stranger).withRefreshToken(signedIn.refreshToken(), null, Visitor.UNKNOWN);

            assertThat(((CannotTell) outcome).problem().code()).isEqualTo("WORKOS_KEY_REFUSED");
        }
        assertThat(refreshed(new AuthenticationApi(client), signedIn.refreshToken(), null))
                .isNotNull();
    }

    private static AuthenticationAnswer refreshed(
            AuthenticationApi authentication, String token, OrganizationId organization) {
        AuthenticationOutcome outcome = authentication.withRefreshToken(token, organization, Visitor.UNKNOWN);
        assertThat(outcome).isInstanceOf(Authenticated.class);
        return ((Authenticated) outcome).answer();
    }

    /** Does what a browser would: sends the form of the login page and takes the code out of the redirect. */
    private String codeOfTheLoginPage() throws IOException, InterruptedException {
        URI authorize = URI.create(workos.baseUrl() + "/user_management/authorize?response_type=code&provider=authkit"
                + "&code_challenge_method=S256&state=s&client_id=" + workos.clientId() + "&code_challenge="
                + challenge() + "&redirect_uri="
                + URLEncoder.encode("http://127.0.0.1:3000/api/auth/callback", StandardCharsets.UTF_8));
        HttpRequest form = HttpRequest.newBuilder(authorize)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("action=sign-in&email=ada%40acme.test"))
                .build();
        try (HttpClient browser = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = browser.send(form, HttpResponse.BodyHandlers.ofString());
            String target = answer.headers().firstValue("Location").orElseThrow();
            return target.replaceAll(".*[?&]code=([^&]+).*", "$1");
        }
    }

    private static String challenge() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
