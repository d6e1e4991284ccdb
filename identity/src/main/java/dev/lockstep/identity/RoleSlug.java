package dev.lockstep.identity;

/**
 * The slug of a WorkOS role. An unknown slug gives no rights.
 *
 * @param value the id as WorkOS writes it, never blank, at most 255 characters
 */
public record RoleSlug(String value) {
    public RoleSlug {
        Ids.check("role slug", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
