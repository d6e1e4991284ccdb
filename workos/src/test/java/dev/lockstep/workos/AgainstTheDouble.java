package dev.lockstep.workos;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workosdouble.DoubleSettings;
import dev.lockstep.workosdouble.NewUser;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh WorkOS double whose clock stands still, one person, one organization, one membership, and a client. */
abstract class AgainstTheDouble {
    static final RoleSlug ADMIN = new RoleSlug("admin");
    static final RoleSlug VIEWER = new RoleSlug("viewer");

    final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    WorkOsDouble workos;
    WorkOsClient client;
    UserId ada;
    OrganizationId acme;
    MembershipId membership;

    @BeforeEach
    void start() {
        workos = WorkOsDouble.start(DoubleSettings.builder().clock(clock).build());
        client = open(workos.apiKey());
        ada = workos.createUser(NewUser.named("ada@acme.test", "Ada", "Osei"));
        acme = workos.createOrganization("Acme Robotics");
        membership = workos.addMember(ada, acme, ADMIN);
    }

    @AfterEach
    void stop() {
        client.close();
        workos.close();
    }

    WorkOsClient open(String key) {
        WorkOsSettings settings =
                WorkOsSettings.of(new ApiKey(key), workos.clientId()).withBaseUrl(workos.baseUrl());
        return Clients.open(settings, clock, new ArrayList<>(), Clients.budget());
    }
}
