package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.workosdouble.MembershipRecord.Status;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProvisioningTest {
    private final WorkOsDouble workos =
            WorkOsDouble.start(DoubleSettings.builder().provisioning(true).build());
    private final OrganizationId acme = workos.createOrganization("Acme");
    private final Directory okta = workos.directory(acme, "Okta");

    @BeforeEach
    void verifyTheDomain() {
        workos.domains().verify(workos.domains().add(acme, "acme.test"));
    }

    @AfterEach
    void stop() {
        workos.close();
    }

    @Test
    void aDirectoryUserOfAVerifiedDomainIsAMemberThatTheDirectoryManages() {
        int before = workos.events().size();
        DoubleId.DirectoryUser ada = okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        assertThat(since(before))
                .containsExactly("dsync.user.created", "user.created", "organization_membership.created");
        assertThat(member().directoryManaged()).isTrue();
        assertThat(member().status()).isEqualTo(Status.ACTIVE);
        okta.changeRole(ada, new RoleSlug("admin"));
        assertThat(member().role()).isEqualTo(new RoleSlug("admin"));
    }

    @Test
    void whoLeavesTheDirectoryIsInactiveWithTheDefaultRoleAndSignedOut() {
        DoubleId.DirectoryUser ada = okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        okta.changeRole(ada, new RoleSlug("admin"));
        workos.signIn(member().userId(), acme);
        int before = workos.events().size();
        okta.removeUser(ada);
        assertThat(since(before))
                .containsExactly("dsync.user.deleted", "organization_membership.updated", "session.revoked");
        assertThat(member().status()).isEqualTo(Status.INACTIVE);
        assertThat(member().role()).isEqualTo(Roles.DEFAULT);
    }

    @Test
    void aGuestIsPendingAndGoesWithTheDirectoryUser() {
        DoubleId.DirectoryUser guest = okta.addUser(NewDirectoryUser.named("gil@elsewhere.test", "Gil", "Roy"));
        assertThat(member().status()).isEqualTo(Status.PENDING);
        int before = workos.events().size();
        okta.removeUser(guest);
        assertThat(since(before)).containsExactly("dsync.user.deleted", "organization_membership.deleted");
    }

    @Test
    void aDeletedDirectoryLeavesTheMembershipsActive() {
        okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        okta.delete();
        assertThat(member().status()).isEqualTo(Status.ACTIVE);
    }

    @Test
    void aChangedAddressInTheDirectoryLeavesTheUsersAlone() {
        DoubleId.DirectoryUser ada = okta.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        okta.changeEmail(ada, "adaeze@acme.test");
        assertThat(workos.truth().users()).extracting(UserRecord::email).containsExactly("ada@acme.test");
        okta.removeUser(ada);
        assertThat(member().status()).isEqualTo(Status.INACTIVE);
    }

    private MembershipRecord member() {
        return workos.truth().memberships().getFirst();
    }

    private List<String> since(int count) {
        return workos.events().stream().skip(count).map(EventRecord::event).toList();
    }
}
