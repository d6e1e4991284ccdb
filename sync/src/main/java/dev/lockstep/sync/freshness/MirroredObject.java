package dev.lockstep.sync.freshness;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;

/**
 * Names one object that has a row of its own in the mirror; says nothing about whether the row is there.
 *
 * @param kind which table
 * @param id as WorkOS gave it
 */
public record MirroredObject(Kind kind, String id) {
    private static final int LONGEST_ID = 200;

    /** The tables whose rows are keyed by the id of WorkOS. */
    public enum Kind {
        USER("u", "workos.users"),
        ORGANIZATION("o", "workos.organizations"),
        MEMBERSHIP("m", "workos.organization_memberships"),
        SESSION("s", "workos.sessions");

        private final String letter;
        private final String table;

        Kind(String letter, String table) {
            this.letter = letter;
            this.table = table;
        }

        String letter() {
            return letter;
        }

        String table() {
            return table;
        }
    }

    public MirroredObject {
        if (id.isBlank() || id.length() > LONGEST_ID) {
            throw new IllegalArgumentException("an id of a mirrored object has 1 to " + LONGEST_ID + " characters");
        }
    }

    public static MirroredObject user(UserId id) {
        return new MirroredObject(Kind.USER, id.value());
    }

    public static MirroredObject organization(OrganizationId id) {
        return new MirroredObject(Kind.ORGANIZATION, id.value());
    }

    public static MirroredObject membership(MembershipId id) {
        return new MirroredObject(Kind.MEMBERSHIP, id.value());
    }

    public static MirroredObject session(SessionId id) {
        return new MirroredObject(Kind.SESSION, id.value());
    }
}
