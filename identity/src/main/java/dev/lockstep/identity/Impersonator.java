package dev.lockstep.identity;

import org.jspecify.annotations.Nullable;

/**
 * The WorkOS operator who is signed in as somebody else. Every audit row names both.
 *
 * @param email the operator's address; never written to a log
 * @param reason why, as the operator typed it, or null
 */
public record Impersonator(String email, @Nullable String reason) {
    @Override
    public String toString() {
        return "Impersonator[redacted]";
    }
}
