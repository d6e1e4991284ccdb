package dev.lockstep.identity;

import java.util.UUID;

/**
 * The application's own, stable key of a person ({@code app.accounts.id}, a UUID of version 7). Application tables
 * reference this one, never a WorkOS id.
 *
 * @param value the key
 */
public record AccountId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
