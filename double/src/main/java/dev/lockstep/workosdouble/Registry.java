package dev.lockstep.workosdouble;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.DoubleSettings.Cascades;
import dev.lockstep.workosdouble.MembershipRecord.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every verb that changes users, organizations, memberships and sessions, with the events and cascades of production.
 * The Java API and the HTTP routes both go through here.
 */
final class Registry {
    private final World world;
    private final Domains domains;
    private final boolean told;

    Registry(World world, Domains domains, Cascades cascades) {
        this.world = world;
        this.domains = domains;
        this.told = cascades == Cascades.TOLD;
    }

    UserRecord createUser(NewUser wanted) {
        return world.change(change -> createUser(change, wanted));
    }

    UserRecord createUser(Change change, NewUser wanted) {
        refuseTakenEmail(change, wanted.email(), "user_creation_error");
        refuseTakenExternalId(change.tables().userByExternalId(wanted.externalId()));
        UserRecord user = new UserRecord(
                new UserId(change.freshId("user")),
                wanted.email().strip(),
                wanted.firstName(),
                wanted.lastName(),
                wanted.emailVerified(),
                wanted.profilePictureUrl(),
                wanted.externalId(),
                wanted.metadata(),
                null,
                change.at(),
                change.at());
        change.put(new Fact.UserPut(user));
        change.emit("user.created", Wire.user(user), null);
        return user;
    }

    UserRecord updateUser(UserId id, UserPatch patch) {
        return world.change(change -> {
            UserRecord old = user(change.tables(), id);
            if (patch.email() != null && !patch.email().equalsIgnoreCase(old.email())) {
                refuseTakenEmail(change, patch.email(), "user_update_error");
            }
            UserRecord user = old.changed(patch, change.at());
            change.put(new Fact.UserPut(user));
            change.emit("user.updated", Wire.user(user), null);
            return user;
        });
    }

    /** Sessions end first, then the memberships go, then the user; each deletion carries the last known state. */
    void deleteUser(UserId id) {
        world.change(change -> {
            UserRecord user = user(change.tables(), id);
            endSessions(change, id, session -> true, told);
            for (MembershipId membership :
                    List.copyOf(change.tables().membershipsOfUser.of(id))) {
                drop(change, membership(change.tables(), membership), told);
            }
            for (ObjectRecord key : change.tables().objects.ownedRecords(Kind.API_KEY, id.value())) {
                ApiKeys.drop(change, key, told);
            }
            for (SessionId session : List.copyOf(change.tables().sessionsOfUser.of(id))) {
                change.put(new Fact.SessionGone(session));
            }
            change.put(new Fact.UserGone(id));
            change.emit("user.deleted", Wire.user(user), null);
            return user;
        });
    }

    OrganizationRecord createOrganization(
            String name, @Nullable String externalId, Map<String, String> metadata, List<Domains.Wanted> wanted) {
        return world.change(change -> createOrganization(change, name, externalId, metadata, wanted));
    }

    OrganizationRecord createOrganization(
            Change change,
            String name,
            @Nullable String externalId,
            Map<String, String> metadata,
            List<Domains.Wanted> wanted) {
        refuseTakenExternalId(change.tables().organizationByExternalId(externalId));
        OrganizationRecord organization = new OrganizationRecord(
                new OrganizationId(change.freshId("org")), name, externalId, metadata, change.at(), change.at());
        change.put(new Fact.OrganizationPut(organization));
        change.emit("organization.created", Wire.organizationEvent(organization, change.tables()), organization.id());
        domains.replace(change, organization.id(), wanted);
        return organization;
    }

    OrganizationRecord updateOrganization(
            OrganizationId id,
            @Nullable String name,
            UserPatch.Edit externalId,
            @Nullable Map<String, String> metadata,
            @Nullable List<Domains.Wanted> wanted) {
        return world.change(change -> {
            OrganizationRecord old = organization(change.tables(), id);
            OrganizationRecord organization = new OrganizationRecord(
                    id,
                    name == null ? old.name() : name,
                    externalId.or(old.externalId()),
                    metadata == null ? old.metadata() : metadata,
                    old.createdAt(),
                    change.at());
            change.put(new Fact.OrganizationPut(organization));
            domains.replace(change, id, wanted);
            change.emit("organization.updated", Wire.organizationEvent(organization, change.tables()), id);
            return organization;
        });
    }

    /** Whatever belongs to it goes first; directories with their one event, roles and invitations without any. */
    void deleteOrganization(OrganizationId id) {
        world.change(change -> {
            Tables tables = change.tables();
            OrganizationRecord organization = organization(tables, id);
            ObjectNode last = Wire.organizationEvent(organization, tables);
            List<MembershipRecord> members = new ArrayList<>();
            for (MembershipId member : tables.membershipsOfOrganization.of(id)) {
                members.add(membership(tables, member));
            }
            for (MembershipRecord member : members) {
                endSessions(change, member.userId(), session -> id.equals(session.organizationId()), told);
                drop(change, member, told);
            }
            Estate.dissolve(change, id, told);
            change.put(new Fact.OrganizationGone(id));
            change.emit("organization.deleted", last, id);
            return organization;
        });
    }

    MembershipRecord addMember(UserId user, OrganizationId organization, RoleSlug role, Status status) {
        return world.change(change -> {
            user(change.tables(), user);
            organization(change.tables(), organization);
            if (change.tables().membership(user, organization).isPresent()) {
                throw ApiRefusal.unprocessable(
                        "organization_membership_already_exists",
                        "The user is already a member of the organization.",
                        "organization_membership_already_exists");
            }
            return join(change, user, organization, role, status, false);
        });
    }

    /** Somebody who is invited is a pending member until the invitation is accepted; members stay what they are. */
    void invite(Change change, UserId user, OrganizationId organization, @Nullable RoleSlug role) {
        if (change.tables().membership(user, organization).isEmpty()) {
            join(change, user, organization, role == null ? Roles.DEFAULT : role, Status.PENDING, false);
        }
    }

    /** Makes the user an active member, whatever the membership was before. */
    void admit(Change change, UserId user, OrganizationId organization, RoleSlug role) {
        Optional<MembershipRecord> old = change.tables().membership(user, organization);
        if (old.isEmpty()) {
            join(change, user, organization, role, Status.ACTIVE, false);
        } else if (old.get().status() != Status.ACTIVE) {
            update(change, old.get().withStatus(Status.ACTIVE, change.at()));
        }
    }

    /** Admits somebody whom a directory brings and will take away again; who is a member already is only told of a new role. */
    static void provision(Change change, UserId user, OrganizationId organization, RoleSlug role, Status status) {
        Optional<MembershipRecord> old = change.tables().membership(user, organization);
        if (old.isEmpty()) {
            join(change, user, organization, role, status, true);
        } else if (!old.get().role().equals(role)) {
            update(change, old.get().withRole(role, change.at()));
        }
    }

    /** An active membership becomes inactive with the default role and loses its sessions; a pending one is deleted. */
    static void deprovision(Change change, MembershipRecord membership) {
        switch (membership.status()) {
            case PENDING -> drop(change, membership, true);
            case ACTIVE -> {
                update(
                        change,
                        membership.withRole(Roles.DEFAULT, change.at()).withStatus(Status.INACTIVE, change.at()));
                endSessions(
                        change,
                        membership.userId(),
                        session -> membership.organizationId().equals(session.organizationId()),
                        true);
            }
            case INACTIVE -> {}
        }
    }

    private static MembershipRecord join(
            Change change, UserId user, OrganizationId organization, RoleSlug role, Status status, boolean managed) {
        MembershipRecord membership = new MembershipRecord(
                new MembershipId(change.freshId("om")),
                user,
                organization,
                status,
                role,
                managed,
                change.at(),
                change.at());
        change.put(new Fact.MembershipPut(membership));
        change.emit("organization_membership.created", Wire.membershipEvent(membership), organization);
        return membership;
    }

    MembershipRecord changeRole(MembershipId id, RoleSlug role) {
        return world.change(change -> {
            MembershipRecord old = membership(change.tables(), id);
            return update(change, old.withRole(role, change.at()));
        });
    }

    /** Leaving {@code ACTIVE} ends the user's sessions in that organization. */
    MembershipRecord changeStatus(MembershipId id, Status status) {
        return world.change(change -> {
            MembershipRecord old = membership(change.tables(), id);
            if (old.status() == status) {
                return old;
            }
            MembershipRecord membership = update(change, old.withStatus(status, change.at()));
            if (status != Status.ACTIVE) {
                endSessions(
                        change, old.userId(), session -> old.organizationId().equals(session.organizationId()), true);
            }
            return membership;
        });
    }

    void removeMember(MembershipId id) {
        world.change(change -> {
            MembershipRecord old = membership(change.tables(), id);
            endSessions(change, old.userId(), session -> old.organizationId().equals(session.organizationId()), true);
            drop(change, old, true);
            return old;
        });
    }

    /** Ending a session twice changes nothing the second time, as in production. */
    SessionRecord revokeSession(SessionId id) {
        return world.change(change -> {
            SessionRecord session = session(change.tables(), id);
            return session.status() == SessionRecord.Status.ACTIVE ? revoke(change, session, true) : session;
        });
    }

    static UserRecord user(Tables tables, UserId id) {
        UserRecord user = tables.users.find(id);
        if (user == null) {
            throw ApiRefusal.notFound("User", id.value());
        }
        return user;
    }

    static OrganizationRecord organization(Tables tables, OrganizationId id) {
        OrganizationRecord organization = tables.organizations.find(id);
        if (organization == null) {
            throw ApiRefusal.notFound("Organization", id.value());
        }
        return organization;
    }

    static MembershipRecord membership(Tables tables, MembershipId id) {
        MembershipRecord membership = tables.memberships.find(id);
        if (membership == null) {
            throw ApiRefusal.notFound("OrganizationMembership", id.value());
        }
        return membership;
    }

    static SessionRecord session(Tables tables, SessionId id) {
        SessionRecord session = tables.sessions.find(id);
        if (session == null) {
            throw ApiRefusal.notFound("Session", id.value());
        }
        return session;
    }

    private static void refuseTakenEmail(Change change, String email, String code) {
        if (change.tables().userByEmail(email).isPresent()) {
            throw ApiRefusal.unprocessable(code, "This email is not available.", "email_not_available");
        }
    }

    private static void refuseTakenExternalId(Optional<?> holder) {
        if (holder.isPresent()) {
            throw ApiRefusal.badRequest("external_id_already_used", "The external_id is used already.");
        }
    }

    private static MembershipRecord update(Change change, MembershipRecord membership) {
        change.put(new Fact.MembershipPut(membership));
        change.emit("organization_membership.updated", Wire.membershipEvent(membership), membership.organizationId());
        return membership;
    }

    /** Gives the default role to everybody who has the role, in one organization or, with null, wherever it is not shadowed. */
    static void takeRole(Change change, @Nullable OrganizationId organization, RoleSlug role, RoleSlug instead) {
        Tables tables = change.tables();
        List<MembershipRecord> holders = new ArrayList<>();
        if (organization == null) {
            holders.addAll(tables.memberships.all());
        } else {
            tables.membershipsOfOrganization.of(organization).forEach(id -> holders.add(membership(tables, id)));
        }
        for (MembershipRecord holder : holders) {
            if (holder.role().equals(role) && !Roles.exists(tables, holder.organizationId(), role)) {
                update(change, holder.withRole(instead, change.at()));
            }
        }
    }

    static void drop(Change change, MembershipRecord membership, boolean told) {
        change.put(new Fact.MembershipGone(membership.id()));
        Groups.forget(change, membership, told);
        if (told) {
            change.emit(
                    "organization_membership.deleted", Wire.membershipEvent(membership), membership.organizationId());
        }
    }

    private static void endSessions(Change change, UserId user, Predicate<SessionRecord> which, boolean told) {
        for (SessionId id : List.copyOf(change.tables().sessionsOfUser.of(user))) {
            SessionRecord session = session(change.tables(), id);
            if (session.status() == SessionRecord.Status.ACTIVE && which.test(session)) {
                revoke(change, session, told);
            }
        }
    }

    private static SessionRecord revoke(Change change, SessionRecord session, boolean told) {
        SessionRecord ended = session.revoked(change.at());
        change.put(new Fact.SessionPut(ended));
        if (told) {
            change.emit("session.revoked", Wire.session(ended), ended.organizationId());
        }
        return ended;
    }
}
