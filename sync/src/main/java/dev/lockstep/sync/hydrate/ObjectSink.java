package dev.lockstep.sync.hydrate;

import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.WorkOsObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where fetched objects go: the mirror. */
public interface ObjectSink {

    /** Returns true when the mirror has the object, gone or not. */
    boolean has(ObjectKind kind, List<String> key);

    /** Returns true when the mirror has the object and does not know that it is gone. */
    boolean isAlive(ObjectKind kind, List<String> key);

    /** Returns the organization that an object belongs to as far as the mirror can tell. */
    Optional<String> organizationOf(ObjectKind kind, List<String> key);

    /**
     * Joins the object into the mirror as a snapshot.
     *
     * @param fetchStartedAt read from the clock before it was asked for
     */
    void apply(WorkOsObject object, Instant fetchStartedAt);

    /**
     * Marks the object as gone, by the ordinary merge.
     *
     * @param askedAt read from the clock before WorkOS was asked
     */
    void bury(ObjectKind kind, List<String> key, Instant askedAt);
}
