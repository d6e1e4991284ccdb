package dev.lockstep.sync.backfill;

import dev.lockstep.sync.projection.Mirrored;

/**
 * One list of WorkOS that is walked on its own.
 *
 * @param kind what it lists
 * @param scope the organization within which it lists, or empty
 */
public record Shard(Mirrored kind, String scope) {
    @Override
    public String toString() {
        return scope.isEmpty() ? kind.word() : kind.word() + " of " + scope;
    }
}
