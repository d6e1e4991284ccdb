package dev.lockstep.identity;

/**
 * The WorkOS id of a user ({@code user_…}). Not the application's own key, which is {@link AccountId}.
 *
 * @param value the id as WorkOS writes it, never blank, at most 255 characters
 */
public record UserId(String value) {
    public UserId {
        Ids.check("user id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
