package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SignInTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final WorkOsDouble workos =
            WorkOsDouble.start(DoubleSettings.builder().clock(clock).build());
    private final Caller caller = new Caller(workos);

    @AfterEach
    void stop() {
        caller.close();
        workos.close();
    }

    @Test
    void aPersonaSignsInThroughThePageAndTheCodeBuysATokenThatVerifies() throws Exception {
        workos.seedDemo();
        String address = caller.authorize(Map.of());

        Caller.Answer page = caller.browse(address);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("Ada Osei", "Dev Patel", "WorkOS double", "localhost:3000");
        assertThat(page.headers().get("content-security-policy"))
                .contains("default-src 'none'", "form-action 'self' http://localhost:3000");

        Caller.Answer back = caller.submit(address, Map.of("action", "sign-in", "email", "ada@acme.test"));
        assertThat(back.status()).isEqualTo(302);
        assertThat(back.location().toString()).startsWith(Caller.CALLBACK + "?");
        assertThat(back.locationQuery()).containsEntry("state", "opaque-state");

        JsonNode tokens =
                redeem(back.locationQuery().get("code"), Caller.VERIFIER).json();
        assertThat(tokens.get("user").get("email").asString()).isEqualTo("ada@acme.test");
        assertThat(tokens.get("user").get("object").asString()).isEqualTo("user");
        assertThat(tokens.get("refresh_token").asString()).isNotBlank();

        SignedJWT token = SignedJWT.parse(tokens.get("access_token").asString());
        JWKSet keys =
                JWKSet.parse(caller.browse("/sso/jwks/" + workos.clientId()).body());
        assertThat(keys.toString()).doesNotContain("\"d\"");
        assertThat(token.verify(new RSASSAVerifier(
                        keys.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey())))
                .isTrue();
        Map<String, Object> claims = token.getJWTClaimsSet().getClaims();
        long now = clock.instant().getEpochSecond();
        assertThat(token.getJWTClaimsSet().getIssuer())
                .isEqualTo(workos.baseUrl() + "/user_management/" + workos.clientId());
        assertThat(token.getJWTClaimsSet().getSubject())
                .isEqualTo(tokens.get("user").get("id").asString());
        assertThat(token.getJWTClaimsSet().getExpirationTime().toInstant().getEpochSecond())
                .isEqualTo(now + 300);
        assertThat(claims).containsEntry("role", "owner").containsEntry("auth_time", now);
        assertThat(claims.get("org_id")).isEqualTo(tokens.get("organization_id").asString());
        assertThat(token.getJWTClaimsSet().getStringListClaim("roles")).containsExactly("owner");
        assertThat(token.getJWTClaimsSet().getStringListClaim("permissions")).contains("organization:manage");
        assertThat(claims).containsKeys("sid", "jti");

        SessionRecord session = workos.truth().sessions().getFirst();
        assertThat(session.userAgent()).isEqualTo("Firefox on test");
        assertThat(session.ipAddress()).isEqualTo("127.0.0.1");
    }

    @Test
    void theSameKeysAreAtBothAddresses() {
        assertThat(caller.browse("/user_management/sessions/jwks/" + workos.clientId())
                        .body())
                .isEqualTo(caller.browse("/sso/jwks/" + workos.clientId()).body());
        assertThat(caller.browse("/sso/jwks/client_other").status()).isEqualTo(404);
    }

    @Test
    void aFormBodyBuysTokensToo() {
        workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        String code = codeFor("zoe@example.test");
        Caller.Answer answer = caller.submit(
                "/user_management/authenticate",
                caller.withClient(
                        Map.of("grant_type", "authorization_code", "code", code, "code_verifier", Caller.VERIFIER)));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("organization_id").isNull()).isTrue();
    }

    @Test
    void aCodeWorksOnce() {
        workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        String code = codeFor("zoe@example.test");
        assertThat(redeem(code, Caller.VERIFIER).status()).isEqualTo(200);
        Caller.Answer again = redeem(code, Caller.VERIFIER);
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.json().get("error").asString()).isEqualTo("invalid_grant");
    }

    @Test
    void aCodeDiesAfterTenMinutes() {
        workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        String code = codeFor("zoe@example.test");
        clock.advance(Duration.ofMinutes(10));
        assertThat(redeem(code, Caller.VERIFIER).json().get("error").asString()).isEqualTo("invalid_grant");
    }

    @Test
    void aWrongVerifierIsRefusedAndAMissingOneToo() {
        workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        String code = codeFor("zoe@example.test");
        assertThat(redeem(code, "x".repeat(43)).json().get("error").asString()).isEqualTo("invalid_grant");
        assertThat(caller.authenticate(Map.of("grant_type", "authorization_code", "code", code))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aClientThatIsNotOursGetsNoTokens() {
        assertThat(caller.authenticate(Map.of("client_id", "client_other", "grant_type", "refresh_token"))
                        .json()
                        .get("error")
                        .asString())
                .isEqualTo("invalid_client");
        assertThat(caller.authenticate(Map.of("client_secret", "sk_wrong", "grant_type", "refresh_token"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aKnownLoginHintOffersThatPersonFirst() {
        workos.seedDemo();
        String page = caller.browse(caller.authorize(Map.of("login_hint", "ben@acme.test")))
                .body();
        assertThat(page).contains("Continue as Ben Ito").doesNotContain("Ada Osei");
    }

    @Test
    void whatAStrangerWritesIntoTheAddressIsNeverMarkup() {
        String hostile = "\"><script>alert(1)</script>";
        String page = caller.browse(
                        caller.authorize(Map.of("login_hint", hostile, "state", hostile, "screen_hint", "sign-up")))
                .body();
        assertThat(page).contains("&lt;script&gt;").doesNotContain("<script");
    }

    @Test
    void cancelTellsTheApplicationThatAccessWasDenied() {
        Caller.Answer back = caller.submit(caller.authorize(Map.of()), Map.of("action", "cancel"));
        assertThat(back.locationQuery())
                .containsEntry("error", "access_denied")
                .containsEntry("state", "opaque-state")
                .doesNotContainKey("code");
    }

    @Test
    void signingUpCreatesTheUserAndSignsIn() {
        String address = caller.authorize(Map.of("screen_hint", "sign-up"));
        assertThat(caller.browse(address).body()).contains("Create your account");
        Caller.Answer back = caller.submit(
                address,
                Map.of("action", "sign-up", "email", "Nia@example.test", "first_name", "Nia", "last_name", ""));
        assertThat(redeem(back.locationQuery().get("code"), Caller.VERIFIER).status())
                .isEqualTo(200);
        assertThat(workos.truth().users()).singleElement().satisfies(user -> {
            assertThat(user.firstName()).isEqualTo("Nia");
            assertThat(user.lastName()).isNull();
            assertThat(user.lastSignInAt()).isEqualTo(clock.instant());
        });
        assertThat(caller.submit(address, Map.of("action", "sign-up", "email", "nia@EXAMPLE.test"))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void anUnknownAddressStaysOnThePageWithAReason() {
        Caller.Answer page =
                caller.submit(caller.authorize(Map.of()), Map.of("action", "sign-in", "email", "no@one.test"));
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.body()).contains("role=\"alert\"");
    }

    @Test
    void whoBelongsToTwoOrganizationsIsAskedWhich() {
        UserId user = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        OrganizationId first = workos.createOrganization("First & Sons");
        OrganizationId second = workos.createOrganization("Second");
        workos.addMember(user, first, new RoleSlug("member"));
        workos.addMember(user, second, new RoleSlug("admin"));
        String address = caller.authorize(Map.of());

        Caller.Answer choice = caller.submit(address, Map.of("action", "sign-in", "email", "zoe@example.test"));
        assertThat(choice.status()).isEqualTo(200);
        assertThat(choice.body()).contains("Choose an organization", "First &amp; Sons", "as admin");

        Caller.Answer back = caller.submit(
                address, Map.of("action", "sign-in", "email", "zoe@example.test", "organization", second.value()));
        JsonNode tokens =
                redeem(back.locationQuery().get("code"), Caller.VERIFIER).json();
        assertThat(tokens.get("organization_id").asString()).isEqualTo(second.value());
    }

    @Test
    void anOrganizationThatWasAskedForIsTakenWithoutAChoiceAndOnlyByItsMembers() {
        UserId user = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        workos.createUser(NewUser.named("out@example.test", "Out", "Sider"));
        OrganizationId first = workos.createOrganization("First");
        OrganizationId second = workos.createOrganization("Second");
        workos.addMember(user, first, new RoleSlug("member"));
        workos.addMember(user, second, new RoleSlug("admin"));
        String address = caller.authorize(Map.of("organization_id", second.value()));

        Caller.Answer back = caller.submit(address, Map.of("action", "sign-in", "email", "zoe@example.test"));
        assertThat(redeem(back.locationQuery().get("code"), Caller.VERIFIER)
                        .json()
                        .get("organization_id")
                        .asString())
                .isEqualTo(second.value());
        assertThat(caller.submit(address, Map.of("action", "sign-in", "email", "out@example.test"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aMemberWhoWasRemovedBetweenPageAndTokenCallGetsNoToken() {
        UserId user = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        OrganizationId organization = workos.createOrganization("First");
        var membership = workos.addMember(user, organization, new RoleSlug("member"));
        String code = codeFor("zoe@example.test");
        workos.removeMember(membership);
        assertThat(redeem(code, Caller.VERIFIER).status()).isEqualTo(403);
        assertThat(workos.truth().sessions()).isEmpty();
    }

    @Test
    void theBrowserIsNeverSentToAnAddressThatIsNotAllowed() {
        for (String hostile : new String[] {
            "https://evil.example/callback",
            "http://localhost@evil.example/",
            "http://localhost.evil.example/",
            "javascript:alert(1)",
            "//evil.example/",
            "http://localhost\\@evil.example/"
        }) {
            Caller.Answer answer = caller.browse(caller.authorize(Map.of("redirect_uri", hostile)));
            assertThat(answer.status()).as(hostile).isEqualTo(400);
            assertThat(answer.headers()).doesNotContainKey("location");
        }
        assertThat(caller.browse(caller.authorize(Map.of("client_id", "client_other")))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aMistakeOfTheApplicationGoesBackToItAsAnError() {
        for (Map<String, String> mistake : List.of(
                Map.of("response_type", "token"),
                Map.of("provider", ""),
                Map.of("code_challenge_method", "plain"),
                Map.of("code_challenge_method", ""),
                Map.of("code_challenge", "short"))) {
            Caller.Answer answer = caller.browse(caller.authorize(mistake));
            assertThat(answer.status()).as(mistake.toString()).isEqualTo(302);
            assertThat(answer.locationQuery()).containsEntry("error", "invalid_request");
        }
        assertThat(caller.browse(caller.authorize(Map.of("prompt", "none"))).locationQuery())
                .containsEntry("error", "login_required");
    }

    @Test
    void thePageLoadsItsOwnStyleAndNothingElse() {
        String page = caller.browse(caller.authorize(Map.of())).body();
        assertThat(page).doesNotContain("http://", "https://", "<script", "style=");
        assertThat(caller.browse("/_double/page.css").status()).isEqualTo(200);
        assertThat(caller.browse("/_double/icon.svg").status()).isEqualTo(200);
    }

    private String codeFor(String email) {
        return caller.submit(caller.authorize(Map.of()), Map.of("action", "sign-in", "email", email))
                .locationQuery()
                .get("code");
    }

    private Caller.Answer redeem(String code, String verifier) {
        return caller.authenticate(Map.of("grant_type", "authorization_code", "code", code, "code_verifier", verifier));
    }
}
