package dev.lockstep.identity;

/**
 * The WorkOS id of one membership of a user in an organization ({@code om_…}).
 *
 * @param value the id as WorkOS writes it, never blank, at most 255 characters
 */
public record MembershipId(String value) {
    public MembershipId {
        Ids.check("membership id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
