package dev.lockstep.sync.outbox;

import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsSession;
import dev.lockstep.workos.object.WorkOsUser;
import tools.jackson.databind.JsonNode;

/**
 * Something that became true in the mirror. Each is told once per listener, whichever of webhook and Events API brought
 * it and in whatever order; what changed nothing is not told.
 */
public sealed interface DomainEvent {
    /** Key, time, cause and the raw objects. */
    Occurrence occurrence();

    /** A user is there now. {@code user.created} */
    record UserCreated(Occurrence occurrence, WorkOsUser user) implements DomainEvent {}

    /** A user looks different now. {@code user.updated} */
    record UserUpdated(Occurrence occurrence, WorkOsUser user) implements DomainEvent {}

    /** A user is gone for ever. {@code user.deleted} */
    record UserDeleted(Occurrence occurrence, WorkOsUser user) implements DomainEvent {}

    /** An organization is there now. {@code organization.created} */
    record OrganizationCreated(Occurrence occurrence, WorkOsOrganization organization) implements DomainEvent {}

    /** An organization looks different now. {@code organization.updated} */
    record OrganizationUpdated(Occurrence occurrence, WorkOsOrganization organization) implements DomainEvent {}

    /** An organization is gone for ever. {@code organization.deleted} */
    record OrganizationDeleted(Occurrence occurrence, WorkOsOrganization organization) implements DomainEvent {}

    /** A user belongs to an organization now: their membership became active. {@code user.joined_organization} */
    record UserJoinedOrganization(Occurrence occurrence, WorkOsMembership membership) implements DomainEvent {}

    /** A user belongs no longer: deactivated, removed, or gone with user or organization. {@code user.left_organization} */
    record UserLeftOrganization(Occurrence occurrence, WorkOsMembership membership) implements DomainEvent {}

    /** A membership changed, its role for example. {@code organization_membership.updated} */
    record MembershipUpdated(Occurrence occurrence, WorkOsMembership membership) implements DomainEvent {}

    /** Somebody signed in. {@code session.created} */
    record SessionStarted(Occurrence occurrence, WorkOsSession session) implements DomainEvent {}

    /** A session was ended. {@code session.revoked} */
    record SessionEnded(Occurrence occurrence, WorkOsSession session) implements DomainEvent {}

    /** A directory was connected. {@code dsync.activated} */
    record DirectoryConnected(Occurrence occurrence, JsonNode directory) implements DomainEvent {}

    /** A directory is gone, and its people and groups with it. {@code dsync.deleted} */
    record DirectoryRemoved(Occurrence occurrence, JsonNode directory) implements DomainEvent {}

    /** Anything else that WorkOS tells, by its name. */
    record OtherChange(Occurrence occurrence) implements DomainEvent {}

    /**
     * Gives a change its type.
     *
     * @throws dev.lockstep.workos.WorkOsException when the object has no usable id
     */
    static DomainEvent of(Occurrence change) {
        JsonNode object = change.current();
        return switch (change.type()) {
            case "user.created" -> new UserCreated(change, WorkOsUser.from(object));
            case "user.updated" -> new UserUpdated(change, WorkOsUser.from(object));
            case "user.deleted" -> new UserDeleted(change, WorkOsUser.from(object));
            case "organization.created" -> new OrganizationCreated(change, WorkOsOrganization.from(object));
            case "organization.updated" -> new OrganizationUpdated(change, WorkOsOrganization.from(object));
            case "organization.deleted" -> new OrganizationDeleted(change, WorkOsOrganization.from(object));
            case "user.joined_organization" -> new UserJoinedOrganization(change, WorkOsMembership.from(object));
            case "user.left_organization" -> new UserLeftOrganization(change, WorkOsMembership.from(object));
            case "organization_membership.updated" -> new MembershipUpdated(change, WorkOsMembership.from(object));
            case "session.created" -> new SessionStarted(change, WorkOsSession.from(object));
            case "session.revoked" -> new SessionEnded(change, WorkOsSession.from(object));
            case "dsync.activated" -> new DirectoryConnected(change, object);
            case "dsync.deleted" -> new DirectoryRemoved(change, object);
            default -> new OtherChange(change);
        };
    }
}
