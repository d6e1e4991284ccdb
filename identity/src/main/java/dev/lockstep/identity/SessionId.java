package dev.lockstep.identity;

/**
 * The WorkOS id of a sign-in session ({@code session_…}), the {@code sid} claim of an access token.
 *
 * @param value the id as WorkOS writes it, never blank, at most 255 characters
 */
public record SessionId(String value) {
    public SessionId {
        Ids.check("session id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
