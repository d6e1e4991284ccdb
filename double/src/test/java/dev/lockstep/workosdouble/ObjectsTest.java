package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.MembershipId;
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

class ObjectsTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final WorkOsDouble workos =
            WorkOsDouble.start(DoubleSettings.builder().clock(clock).build());
    private final Caller caller = new Caller(workos);
    private final OrganizationId acme = workos.createOrganization("Acme");
    private final UserId ada = workos.createUser(NewUser.named("ada@acme.test", "Ada", "Osei"));

    @AfterEach
    void stop() {
        caller.close();
        workos.close();
    }

    @Test
    void anOrganizationCarriesItsDomains() {
        JsonNode made = caller.post("/organizations", """
                {"name":"Globex","domain_data":[{"domain":"Globex.test","state":"verified"},{"domain":"gx.test"}]}""").json();
        assertThat(made.get("domains")).hasSize(2);
        assertThat(made.get("domains").get(0).get("domain").asString()).isEqualTo("globex.test");
        assertThat(last(3))
                .containsExactly("organization.created", "organization_domain.created", "organization_domain.created");
        assertThat(caller.get("/organizations?domains[]=gx.test").json().get("data"))
                .hasSize(1);
        JsonNode changed = caller.put(
                        "/organizations/" + made.get("id").asString(),
                        "{\"domain_data\":[{\"domain\":\"gx.test\",\"state\":\"verified\"}]}")
                .json();
        assertThat(changed.get("domains")).hasSize(1);
        assertThat(last(2)).containsExactly("organization_domain.deleted", "organization.updated");
    }

    @Test
    void aDomainIsVerifiedOrFailsAndMayBeAskedAgain() {
        String id = caller.post(
                        "/organization_domains", "{\"organization_id\":\"" + acme + "\",\"domain\":\"acme.test\"}")
                .json()
                .get("id")
                .asString();
        DoubleId.Domain domain = new DoubleId.Domain(id);
        assertThat(state("/organization_domains/" + id)).isEqualTo("pending");
        workos.domains().failVerification(domain);
        assertThat(data().get("organization_domain").get("id").asString()).isEqualTo(id);
        assertThat(caller.post("/organization_domains/" + id + "/verify", "")
                        .json()
                        .get("state")
                        .asString())
                .isEqualTo("pending");
        workos.domains().verify(domain);
        assertThat(last(2)).containsExactly("organization_domain.updated", "organization_domain.verified");
        assertThat(state("/organization_domains/" + id)).isEqualTo("verified");
        assertThatThrownBy(() -> workos.domains().add(acme, "ACME.test")).hasMessageContaining("409");
        assertThat(caller.delete("/organization_domains/" + id).status()).isEqualTo(204);
        assertThat(workos.truth().of(Kind.DOMAIN)).isEmpty();
    }

    @Test
    void anInvitationIsAcceptedOnceAndLetsItsUserIn() {
        JsonNode sent = caller.post(
                        "/user_management/invitations",
                        "{\"email\":\"Ada@acme.test\",\"organization_id\":\"" + acme + "\",\"role_slug\":\"admin\"}")
                .json();
        String path = "/user_management/invitations/" + sent.get("id").asString();
        assertThat(sent.get("token").asString()).hasSize(25);
        assertThat(fields(workos.events().get(workos.events().size() - 2)))
                .doesNotContain("token", "accept_invitation_url");
        assertThat(workos.truth().memberships().getFirst().status()).isEqualTo(MembershipRecord.Status.PENDING);
        assertThat(caller.get("/user_management/invitations/by_token/"
                                + sent.get("token").asString())
                        .json()
                        .get("id"))
                .isEqualTo(sent.get("id"));
        assertThat(caller.post(
                                "/user_management/invitations",
                                "{\"email\":\"ada@acme.test\",\"organization_id\":\"" + acme + "\"}")
                        .status())
                .isEqualTo(400);
        assertThat(caller.post(path + "/accept", "")
                        .json()
                        .get("accepted_user_id")
                        .asString())
                .isEqualTo(ada.value());
        assertThat(last(2)).containsExactly("organization_membership.updated", "invitation.accepted");
        assertThat(caller.post(path + "/accept", "").status()).isEqualTo(400);
    }

    @Test
    void anInvitationExpiresSilentlyAndMayBeRevokedBefore() {
        DoubleId.Invitation first = workos.invitations().invite("zoe@acme.test", null, null);
        DoubleId.Invitation second = workos.invitations().invite("mia@acme.test", acme, new RoleSlug("viewer"));
        workos.invitations().revoke(second);
        int before = workos.events().size();
        clock.advance(Duration.ofDays(7));
        assertThat(state("/user_management/invitations/" + first)).isEqualTo("expired");
        assertThat(state("/user_management/invitations/" + second)).isEqualTo("revoked");
        assertThat(workos.truth().of(Kind.INVITATION).getFirst().json()).contains("\"expired\"");
        assertThat(workos.events()).hasSize(before);
        assertThat(caller.post("/user_management/invitations/" + first + "/resend", "")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aConnectionIsToldOfOnlyWhenItIsActivated() {
        workos.domains().add(acme, "acme.test");
        int before = workos.events().size();
        DoubleId.Connection sso = workos.connections().draft(acme, "Okta", "OktaSAML");
        assertThat(workos.events()).hasSize(before);
        workos.connections().activate(sso);
        assertThat(fields(workos.events().getLast())).contains("external_key", "status", "domains");
        workos.connections().requireCertificateRenewal(sso);
        assertThat(data().get("days_until_expiry").asInt()).isEqualTo(30);
        workos.connections().deactivate(sso);
        JsonNode listed = caller.get("/connections?connection_type=OktaSAML&domain=acme.test&organization_id=" + acme)
                .json();
        assertThat(listed.get("data").get(0).get("state").asString()).isEqualTo("inactive");
        caller.delete("/connections/" + sso);
        assertThat(fields(workos.events().getLast())).doesNotContain("external_key", "status", "domains");
    }

    @Test
    void groupsHoldMembersOfTheirOrganization() {
        MembershipId member = workos.addMember(ada, acme, new RoleSlug("member"));
        String base = "/organizations/" + acme + "/groups";
        String id = caller.post(base, "{\"name\":\"Crew\"}").json().get("id").asString();
        assertThat(caller.post(
                                base + "/" + id + "/organization-memberships",
                                "{\"organization_membership_id\":\"" + member + "\"}")
                        .status())
                .isEqualTo(201);
        assertThat(fields(workos.events().getLast())).containsExactly("group_id", "organization_membership_id");
        assertThat(caller.get(base + "/" + id + "/organization-memberships")
                        .json()
                        .get("data")
                        .get(0)
                        .get("id")
                        .asString())
                .isEqualTo(member.value());
        assertThat(caller.get("/user_management/organization_memberships/" + member + "/groups")
                        .json()
                        .get("data"))
                .hasSize(1);
        OrganizationId globex = workos.createOrganization("Globex");
        assertThat(caller.get("/organizations/" + globex + "/groups/" + id).status())
                .isEqualTo(404);
        MembershipId stranger = workos.addMember(ada, globex, new RoleSlug("member"));
        assertThatThrownBy(() -> workos.groups().add(new DoubleId.Group(id), stranger))
                .hasMessageContaining("400");
        workos.removeMember(member);
        assertThat(last(2)).containsExactly("group.member_removed", "organization_membership.deleted");
        assertThat(caller.delete(base + "/" + id).status()).isEqualTo(204);
    }

    @Test
    void aFlagIsOnForWhomItTargets() {
        DoubleId.Flag flag = workos.flags().create("new-ui", "New UI");
        assertThat(caller.put("/feature-flags/new-ui/enable", "").status()).isEqualTo(200);
        assertThat(workos.events().getLast().envelopeJson())
                .contains("\"previous_attributes\":{\"data\":{\"enabled\":false}}");
        assertThat(caller.post("/feature-flags/new-ui/targets/" + acme, "").status())
                .isEqualTo(204);
        assertThat(workos.events().getLast().event()).isEqualTo("flag.rule_updated");
        assertThat(workos.events().getLast().envelopeJson()).contains("\"access_type\":\"some\"", "\"name\":\"Acme\"");
        assertThat(data().get("environment_id").asString()).isNotBlank();
        assertThat(caller.get("/organizations/" + acme + "/feature-flags")
                        .json()
                        .get("data"))
                .hasSize(1);
        assertThat(caller.get("/user_management/users/" + ada + "/feature-flags")
                        .json()
                        .get("data"))
                .isEmpty();
        workos.flags().untarget(flag, acme);
        workos.flags().delete(flag);
        assertThat(caller.get("/feature-flags/new-ui").status()).isEqualTo(404);
    }

    @Test
    void anApiKeyShowsItsValueOnceAndIsFoundByIt() {
        JsonNode made = caller.post(
                        "/organizations/" + acme + "/api_keys", "{\"name\":\"CI\",\"permissions\":[\"content:read\"]}")
                .json();
        String value = made.get("value").asString();
        assertThat(workos.events().getLast().dataJson()).doesNotContain(value);
        assertThat(caller.get("/organizations/" + acme + "/api_keys").body()).doesNotContain(value);
        assertThat(workos.truth().toJson()).doesNotContain(value);
        JsonNode valid = caller.post("/api_keys/validations", "{\"value\":\"" + value + "\"}")
                .json();
        assertThat(valid.get("api_key").get("id")).isEqualTo(made.get("id"));
        assertThat(valid.get("api_key").get("last_used_at").isNull()).isFalse();
        assertThat(caller.delete("/api_keys/" + made.get("id").asString()).status())
                .isEqualTo(204);
        assertThat(workos.events().getLast().event()).isEqualTo("api_key.revoked");
        assertThat(caller.post("/api_keys/validations", "{\"value\":\"" + value + "\"}")
                        .json()
                        .get("api_key")
                        .isNull())
                .isTrue();
    }

    @Test
    void externalIdsAreUniqueAndFind() {
        String body = "{\"name\":\"Globex\",\"external_id\":\"7\"}";
        String id = caller.post("/organizations", body).json().get("id").asString();
        assertThat(caller.post("/organizations", body).status()).isEqualTo(400);
        assertThat(caller.get("/organizations/external_id/7").json().get("id").asString())
                .isEqualTo(id);
        caller.delete("/organizations/" + id);
        assertThat(caller.get("/organizations/external_id/7").status()).isEqualTo(404);
    }

    @Test
    void silentCascadesTellOnlyOfTheParent() {
        try (WorkOsDouble silent = WorkOsDouble.start(DoubleSettings.builder()
                .cascades(DoubleSettings.Cascades.SILENT)
                .build())) {
            OrganizationId globex = silent.createOrganization("Globex");
            UserId ben = silent.createUser(NewUser.named("ben@globex.test", "Ben", "Ito"));
            silent.addMember(ben, globex, new RoleSlug("member"));
            silent.signIn(ben, globex);
            silent.directory(globex, "Okta");
            int before = silent.events().size();
            silent.deleteOrganization(globex);
            silent.deleteUser(ben);
            assertThat(silent.events().stream().skip(before).map(EventRecord::event))
                    .containsExactly("organization.deleted", "user.deleted");
            assertThat(silent.truth().memberships()).isEmpty();
        }
    }

    private List<String> last(int count) {
        return workos.events().stream()
                .skip(workos.events().size() - (long) count)
                .map(EventRecord::event)
                .toList();
    }

    private String state(String path) {
        return caller.get(path).json().get("state").asString();
    }

    private JsonNode data() {
        return Json.parse(workos.events().getLast().dataJson());
    }

    private static List<String> fields(EventRecord event) {
        return Json.parse(event.dataJson()).properties().stream()
                .map(Map.Entry::getKey)
                .toList();
    }
}
