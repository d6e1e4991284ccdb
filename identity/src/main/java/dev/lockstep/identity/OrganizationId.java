package dev.lockstep.identity;

/**
 * The WorkOS id of an organization ({@code org_…}).
 *
 * @param value the id as WorkOS writes it, never blank, at most 255 characters
 */
public record OrganizationId(String value) {
    public OrganizationId {
        Ids.check("organization id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
