package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsSession;
import dev.lockstep.workos.object.WorkOsUser;

/**
 * Observations that are written together, in one transaction. Collect, then {@link #write} once.
 *
 * <p>What hangs on a user or organization must not slip past their deletion, so each object is locked by its id for the
 * rest of the transaction: the object itself exclusively, the parents it names shared.
 */
final class MirrorBatch {
    private final ObjectLocks locks = new ObjectLocks();
    private final UserRows users = new UserRows();
    private final OrganizationRows organizations = new OrganizationRows();
    private final MembershipRows memberships = new MembershipRows();
    private final SessionRows sessions = new SessionRows();

    void user(WorkOsUser user, Seen seen, boolean gone) {
        locks.exclusive(user.id().value());
        users.add(user, seen, gone);
    }

    void organization(WorkOsOrganization organization, Seen seen, boolean gone) {
        locks.exclusive(organization.id().value());
        organizations.add(organization, seen, gone);
    }

    void membership(WorkOsMembership membership, Seen seen, boolean gone) {
        locks.exclusive(membership.id().value());
        locks.shared(membership.userId().value());
        locks.shared(membership.organizationId().value());
        memberships.add(membership, seen, gone);
    }

    void session(WorkOsSession session, Seen seen, boolean revoked) {
        locks.exclusive(session.id().value());
        if (session.userId() != null) {
            locks.shared(session.userId().value());
        }
        sessions.add(session, seen, revoked);
    }

    void write(Tx tx) {
        locks.take(tx);
        users.write(tx);
        organizations.write(tx);
        memberships.write(tx);
        sessions.write(tx);
        String[] goneUsers = users.buriedIds();
        memberships.buryWithParents(tx, goneUsers, organizations.buriedIds());
        sessions.buryWithUsers(tx, goneUsers);
    }
}
