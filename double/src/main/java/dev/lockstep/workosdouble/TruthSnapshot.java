package dev.lockstep.workosdouble;

import java.util.List;

/**
 * Everything that is alive in the double at one moment, oldest first: what a perfect mirror would hold.
 * Sessions are the active, unexpired ones.
 */
public record TruthSnapshot(
        List<UserRecord> users,
        List<OrganizationRecord> organizations,
        List<MembershipRecord> memberships,
        List<SessionRecord> sessions) {

    public TruthSnapshot {
        users = List.copyOf(users);
        organizations = List.copyOf(organizations);
        memberships = List.copyOf(memberships);
        sessions = List.copyOf(sessions);
    }

    /** The same as one JSON object with snake_case names and millisecond instants. */
    public String toJson() {
        return Json.write(this);
    }
}
