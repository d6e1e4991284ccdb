package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RefreshTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final WorkOsDouble workos =
            WorkOsDouble.start(DoubleSettings.builder().clock(clock).build());
    private final Caller caller = new Caller(workos);
    private final UserId user = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
    private final OrganizationId first = workos.createOrganization("First");
    private final OrganizationId second = workos.createOrganization("Second");
    private final MembershipId inFirst = workos.addMember(user, first, new RoleSlug("member"));

    @AfterEach
    void stop() {
        caller.close();
        workos.close();
    }

    @Test
    void everyRefreshHandsOutANewRefreshToken() {
        SignedIn signedIn = workos.signIn(user, first);
        JsonNode next = caller.refresh(signedIn.refreshToken()).json();
        assertThat(next.get("refresh_token").asString()).isNotEqualTo(signedIn.refreshToken());
        assertThat(next.get("organization_id").asString()).isEqualTo(first.value());
        assertThat(caller.refresh(next.get("refresh_token").asString()).status())
                .isEqualTo(200);
    }

    @Test
    void withinThirtySecondsTheOldTokenReturnsTheSamePair() {
        SignedIn signedIn = workos.signIn(user, first);
        String once = caller.refresh(signedIn.refreshToken()).body();
        clock.advance(Duration.ofSeconds(30));
        assertThat(caller.refresh(signedIn.refreshToken()).body()).isEqualTo(once);
    }

    @Test
    void afterTheGraceTheOldTokenIsRefusedAndTheNewOneStillWorks() {
        SignedIn signedIn = workos.signIn(user, first);
        String next = caller.refresh(signedIn.refreshToken())
                .json()
                .get("refresh_token")
                .asString();
        clock.advance(Duration.ofSeconds(30).plusMillis(1));
        Caller.Answer refused = caller.refresh(signedIn.refreshToken());
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("error").asString()).isEqualTo("invalid_grant");
        assertThat(refused.json().get("error_description").asString()).isEqualTo("Refresh token already exchanged.");
        assertThat(caller.refresh(next).status()).isEqualTo(200);
    }

    @Test
    void aRevokedSessionRefreshesNoMoreNotEvenWithinTheGrace() {
        SignedIn signedIn = workos.signIn(user, first);
        String next = caller.refresh(signedIn.refreshToken())
                .json()
                .get("refresh_token")
                .asString();
        assertThat(caller.post(
                                "/user_management/sessions/revoke",
                                Json.write(
                                        Map.of("session_id", signedIn.session().value())))
                        .status())
                .isEqualTo(200);
        for (String token : new String[] {signedIn.refreshToken(), next}) {
            assertThat(caller.refresh(token).json().get("error").asString()).isEqualTo("invalid_grant");
        }
    }

    @Test
    void anUnknownTokenIsAnInvalidGrant() {
        assertThat(caller.refresh("never-issued").json().get("error").asString())
                .isEqualTo("invalid_grant");
    }

    @Test
    void aSessionEndsByTimeToo() {
        SignedIn signedIn = workos.signIn(user, first);
        clock.advance(Duration.ofDays(7));
        assertThat(caller.refresh(signedIn.refreshToken()).status()).isEqualTo(400);
        assertThat(workos.truth().sessions()).isEmpty();
    }

    @Test
    void aMemberOfBothMaySwitchTheOrganization() throws Exception {
        workos.addMember(user, second, new RoleSlug("owner"));
        SignedIn signedIn = workos.signIn(user, first);
        JsonNode switched = switchTo(signedIn.refreshToken(), second).json();
        SignedJWT token = SignedJWT.parse(switched.get("access_token").asString());
        assertThat(token.getJWTClaimsSet().getClaim("org_id")).isEqualTo(second.value());
        assertThat(token.getJWTClaimsSet().getClaim("role")).isEqualTo("owner");
        assertThat(caller.refresh(switched.get("refresh_token").asString())
                        .json()
                        .get("organization_id")
                        .asString())
                .isEqualTo(second.value());
    }

    @Test
    void aStrangerMayNotSwitchAndKeepsTheSession() {
        SignedIn signedIn = workos.signIn(user, first);
        assertThat(switchTo(signedIn.refreshToken(), second).status()).isEqualTo(403);
        assertThat(caller.refresh(signedIn.refreshToken()).status()).isEqualTo(200);
    }

    @Test
    void aNewRoleIsInTheNextToken() throws Exception {
        SignedIn signedIn = workos.signIn(user, first);
        workos.changeRole(inFirst, new RoleSlug("viewer"));
        JsonNode next = caller.refresh(signedIn.refreshToken()).json();
        SignedJWT token = SignedJWT.parse(next.get("access_token").asString());
        assertThat(token.getJWTClaimsSet().getClaim("role")).isEqualTo("viewer");
    }

    @Test
    void aRoleThatNobodyKnowsGivesNoPermission() throws Exception {
        workos.changeRole(inFirst, new RoleSlug("astronaut"));
        SignedJWT token = SignedJWT.parse(workos.signIn(user, first).accessToken());
        assertThat(token.getJWTClaimsSet().getStringListClaim("permissions")).isEmpty();
    }

    @Test
    void aDeactivatedMemberLosesTheSessionsOfThatOrganizationOnly() {
        SignedIn inside = workos.signIn(user, first);
        SignedIn outside = workos.signIn(user, null);
        workos.deactivateMember(inFirst);
        assertThat(caller.refresh(inside.refreshToken()).status()).isEqualTo(400);
        assertThat(caller.refresh(outside.refreshToken()).status()).isEqualTo(200);
    }

    @Test
    void signingOutEndsTheSessionAndReturnsOnlyToAllowedAddresses() {
        SignedIn signedIn = workos.signIn(user, first);
        String address = "/user_management/sessions/logout?session_id=" + signedIn.session();
        Caller.Answer away = caller.browse(address + "&return_to=https%3A%2F%2Fevil.example%2F");
        assertThat(away.status()).isEqualTo(400);
        assertThat(away.headers()).doesNotContainKey("location");
        assertThat(workos.truth().sessions()).isEmpty();

        Caller.Answer home = caller.browse(address + "&return_to=http%3A%2F%2Flocalhost%3A3000%2Fsigned-out");
        assertThat(home.status()).isEqualTo(302);
        assertThat(home.location().toString()).isEqualTo("http://localhost:3000/signed-out");
        assertThat(caller.browse(address).body()).contains("You are signed out");
        assertThat(workos.events())
                .filteredOn(event -> event.event().equals("session.revoked"))
                .hasSize(1);
    }

    private Caller.Answer switchTo(String token, OrganizationId organization) {
        return caller.authenticate(
                Map.of("grant_type", "refresh_token", "refresh_token", token, "organization_id", organization.value()));
    }
}
