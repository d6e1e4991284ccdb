package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes crowds: many users in many organizations, with all their events, a thousand a change. */
final class Population {
    private static final int BATCH = 1_000;
    private static final RoleSlug ROLE = new RoleSlug("member");

    private final World world;
    private final Registry registry;

    Population(World world, Registry registry) {
        this.world = world;
        this.registry = registry;
    }

    /** Every user is an active member of one organization, by turns; without organizations of none. */
    void add(int users, int organizations) {
        if (users < 0 || organizations < 0) {
            throw ApiRefusal.invalid("users", "numbers_must_not_be_negative");
        }
        int first = world.read(tables -> tables.users.ids().size());
        List<OrganizationId> homes = new ArrayList<>();
        for (int from = 0; from < organizations; from += BATCH) {
            int start = from;
            int end = Math.min(organizations, from + BATCH);
            world.change(change -> {
                for (int i = start; i < end; i++) {
                    homes.add(registry.createOrganization(change, "Organization " + i, null, Map.of(), List.of())
                            .id());
                }
                return end;
            });
        }
        for (int from = 0; from < users; from += BATCH) {
            int start = from;
            int end = Math.min(users, from + BATCH);
            world.change(change -> {
                for (int i = start; i < end; i++) {
                    UserId user = registry.createUser(
                                    change,
                                    NewUser.named("user-" + (first + i) + "@crowd.test", "User", "No " + (first + i)))
                            .id();
                    if (!homes.isEmpty()) {
                        registry.admit(change, user, homes.get(i % homes.size()), ROLE);
                    }
                }
                return end;
            });
        }
    }
}
