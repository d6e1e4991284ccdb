package dev.lockstep.sync.backfill;

import dev.lockstep.sync.projection.Mirrored;

/**
 * One list of WorkOS that is walked on its own.
 *
 * @param kind what it lists
 * @param scope what the list is of, such as an organization, or empty for the whole environment
 */
public record Shard(Mirrored kind, String scope) {
    /** The id of the object within which it lists, or empty. */
    public String parent() {
        return scope.substring(scope.lastIndexOf('/') + 1);
    }

    /** The scope of the list that shows the object within which it lists, or empty. */
    String above() {
        return scope.substring(0, Math.max(0, scope.lastIndexOf('/')));
    }

    @Override
    public String toString() {
        return scope.isEmpty() ? kind.word() : kind.word() + " of " + scope;
    }
}
