package dev.lockstep.starter.web;

import dev.lockstep.audit.Audit;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.starter.EndedSessions;
import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.starter.OwnSessions;
import dev.lockstep.store.Database;
import dev.lockstep.sync.freshness.MirroredMemberships;
import dev.lockstep.sync.freshness.RightsGate;
import dev.lockstep.sync.freshness.WriteThrough;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.organization.InvitationsApi;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.user.UsersApi;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What people change about themselves and administrators about others, each change at WorkOS first. */
@Configuration(proxyBeanMethods = false)
class MembersConfiguration {
    @Bean
    Administrators lockstepAdministrators(RightsGate rights, LockstepProperties properties) {
        return new Administrators(
                rights,
                properties.auth().adminRoles().stream().map(RoleSlug::new).collect(Collectors.toSet()));
    }

    @Bean
    Writes lockstepWrites(WriteThrough through, Database database, ObjectProvider<Audit> audit) {
        return new Writes(through, database, audit.getIfAvailable());
    }

    @Bean
    MemberSessionsController lockstepMemberSessionsController(
            OwnSessions sessions, EndedSessions ended, Administrators administrators) {
        return new MemberSessionsController(sessions, ended, administrators);
    }

    @Bean
    MembersController lockstepMembersController(
            Administrators administrators,
            Database database,
            MembershipsApi memberships,
            WorkOsClient client,
            Writes writes) {
        return new MembersController(
                administrators,
                new MirroredMemberships(database),
                new MembersController.Calls(memberships, new InvitationsApi(client)),
                writes);
    }

    @Bean
    OwnNameController lockstepOwnNameController(UsersApi users, Writes writes) {
        return new OwnNameController(users, writes);
    }
}
