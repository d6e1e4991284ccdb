package dev.lockstep.identity;

/**
 * The slug of a WorkOS permission.
 *
 * @param value the id as WorkOS writes it, never blank, at most 255 characters
 */
public record Permission(String value) {
    public Permission {
        Ids.check("permission", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
