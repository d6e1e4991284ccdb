package dev.lockstep.workosdouble;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import java.util.List;

/** Makes one of everything, changes it, and takes a twin of it away, so that every event the double knows is there. */
record EverythingOnce(
        UserId user,
        OrganizationId organization,
        MembershipId membership,
        DoubleId.Domain domain,
        DoubleId.Invitation invitation,
        DoubleId.Directory directory,
        DoubleId.DirectoryUser directoryUser,
        DoubleId.DirectoryGroup directoryGroup,
        DoubleId.Connection connection,
        DoubleId.Group group,
        DoubleId.ApiKey apiKey) {

    static EverythingOnce in(WorkOsDouble workos) {
        UserId user = workos.createUser(NewUser.named("ada@acme.test", "Ada", "Osei"));
        OrganizationId organization = workos.createOrganization("Acme");
        workos.renameUser(user, "Ada", "Lovelace");
        workos.renameOrganization(organization, "Acme Robotics");
        roles(workos, organization);
        MembershipId membership = workos.addMember(user, organization, new RoleSlug("org-pilot"));
        DoubleId.Domain domain = workos.domains().add(organization, "acme.test");
        workos.domains().failVerification(workos.domains().add(organization, "other.test"));
        workos.domains().verify(domain);
        Directory directory = workos.directory(organization, "Okta");
        DoubleId.DirectoryUser directoryUser =
                directory.addUser(NewDirectoryUser.named("ada@acme.test", "Ada", "Osei"));
        DoubleId.DirectoryGroup directoryGroup = directory.addGroup("Team");
        directory.join(directoryUser, directoryGroup);
        directory.renameUser(directoryUser, "Ada", "Lovelace");
        directory.changeRole(directoryUser, new RoleSlug("admin"));
        directory.renameGroup(directoryGroup, "Crew");
        DoubleId.Connection connection = workos.connections().draft(organization, "Okta", "OktaSAML");
        workos.connections().activate(connection);
        workos.connections().requireCertificateRenewal(connection);
        workos.connections().renewCertificate(connection);
        DoubleId.Group group = workos.groups().create(organization, "Crew");
        workos.groups().add(group, membership);
        workos.groups().rename(group, "The crew");
        DoubleId.Flag flag = workos.flags().create("new-ui", "New UI");
        workos.flags().enable(flag);
        workos.flags().rename(flag, "Newer UI");
        workos.flags().target(flag, organization);
        workos.flags().target(flag, user);
        DoubleId.ApiKey apiKey = workos.apiKeys()
                .create(organization, "CI", List.of("content:read"))
                .id();
        workos.apiKeys().rename(apiKey, "Build");
        DoubleId.Invitation invitation =
                workos.invitations().invite("zoe@acme.test", organization, new RoleSlug("viewer"));
        workos.invitations().resend(invitation);
        workos.signIn(user, organization);
        EverythingOnce everything = new EverythingOnce(
                user,
                organization,
                membership,
                domain,
                invitation,
                directory.id(),
                directoryUser,
                directoryGroup,
                connection,
                group,
                apiKey);
        ends(workos);
        return everything;
    }

    private static void roles(WorkOsDouble workos, OrganizationId organization) {
        workos.permissions().create(new Permission("rockets:fly"), "Fly rockets");
        workos.permissions().rename(new Permission("rockets:fly"), "Fly");
        workos.roles().create(new RoleSlug("editor"), "Editor", List.of(new Permission("content:write")));
        workos.roles().permit(new RoleSlug("editor"), List.of(new Permission("rockets:fly")));
        workos.roles().create(organization, new RoleSlug("org-pilot"), "Pilot", List.of(new Permission("rockets:fly")));
        workos.roles().rename(organization, new RoleSlug("org-pilot"), "Chief pilot");
    }

    /** A second set of everything, which goes again. */
    private static void ends(WorkOsDouble workos) {
        UserId user = workos.createUser(NewUser.named("ben@globex.test", "Ben", "Ito"));
        OrganizationId globex = workos.createOrganization("Globex");
        MembershipId membership = workos.addMember(user, globex, new RoleSlug("member"));
        Directory directory = workos.directory(globex, "Entra");
        DoubleId.DirectoryUser person = directory.addUser(NewDirectoryUser.named("b@globex.test", "B", "I"));
        DoubleId.DirectoryGroup team = directory.addGroup("Team");
        directory.join(person, team);
        directory.leave(person, team);
        directory.removeGroup(team);
        directory.removeUser(person);
        directory.delete();
        workos.domains().delete(workos.domains().add(globex, "globex.test"));
        DoubleId.Connection connection = workos.connections().draft(globex, "Entra", "AzureSAML");
        workos.connections().activate(connection);
        workos.connections().deactivate(connection);
        workos.connections().delete(connection);
        DoubleId.Group group = workos.groups().create(globex, "Crew");
        workos.groups().add(group, membership);
        workos.groups().remove(group, membership);
        workos.groups().delete(group);
        workos.flags().delete(workos.flags().create("gone", "Gone"));
        workos.apiKeys().revoke(workos.apiKeys().create(globex, "CI", List.of()).id());
        workos.invitations().revoke(workos.invitations().invite("mia@globex.test", globex, null));
        workos.invitations().accept(workos.invitations().invite("ben@globex.test", null, null));
        workos.roles().create(new RoleSlug("ghost"), "Ghost", List.of());
        workos.roles().delete(new RoleSlug("ghost"));
        workos.roles().create(globex, new RoleSlug("org-ghost"), "Ghost", List.of());
        workos.roles().delete(globex, new RoleSlug("org-ghost"));
        workos.permissions().create(new Permission("ghost:see"), "See ghosts");
        workos.permissions().delete(new Permission("ghost:see"));
        workos.signIn(user, globex);
        workos.deactivateMember(membership);
        workos.removeMember(membership);
        workos.deleteOrganization(globex);
        workos.deleteUser(user);
    }
}
