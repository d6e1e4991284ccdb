package dev.lockstep.notify;

import dev.lockstep.identity.RoleSlug;
import java.time.Duration;
import java.util.Set;

/**
 * Who is told, and what counts as news.
 *
 * @param told the roles in an organization whose holders learn of new members
 * @param news how old a membership or the end of a session may be; older ones are history that was only learnt late
 */
public record NoticeSettings(Set<RoleSlug> told, Duration news) {
    public NoticeSettings {
        told = Set.copyOf(told);
        if (!news.isPositive()) {
            throw new IllegalArgumentException("news must be above zero.");
        }
    }

    /** Owners and admins, within a day. */
    public static NoticeSettings defaults() {
        return new NoticeSettings(Set.of(new RoleSlug("owner"), new RoleSlug("admin")), Duration.ofDays(1));
    }
}
