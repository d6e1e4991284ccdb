package dev.lockstep.identity;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Four roles that many applications think in, as a view over the slugs of WorkOS, the strongest first. It is a name for
 * a slug and gives no right of its own: a slug that is none of the four is no role here.
 */
public enum DefaultRole {
    OWNER,
    ADMIN,
    MEMBER,
    VIEWER;

    /** Returns the strongest of the four among those slugs; empty when none of them is one. */
    public static Optional<DefaultRole> of(Collection<RoleSlug> slugs) {
        return Arrays.stream(values())
                .filter(role -> slugs.contains(role.slug()))
                .findFirst();
    }

    /** Returns the slug that WorkOS knows this role by. */
    public RoleSlug slug() {
        return new RoleSlug(name().toLowerCase(Locale.ROOT));
    }

    /** Returns whether this role is that one or a stronger one. */
    public boolean isAtLeast(DefaultRole other) {
        return compareTo(other) <= 0;
    }
}
