package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import dev.lockstep.sync.work.MergeTally;
import dev.lockstep.workos.event.Envelope;
import dev.lockstep.workos.event.LoggedEvent;
import dev.lockstep.workos.event.MembershipEvent;
import dev.lockstep.workos.event.ObjectChange;
import dev.lockstep.workos.event.ObjectEvent;
import dev.lockstep.workos.event.OrganizationEvent;
import dev.lockstep.workos.event.SessionEvent;
import dev.lockstep.workos.event.Unrecognised;
import dev.lockstep.workos.event.UserEvent;
import dev.lockstep.workos.event.WorkOsEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies events to the mirrored tables. It decides nothing about order: any order, repetition or mixture with
 * snapshots ends in the same rows. It knows nothing of the inbox. Thread-safe.
 */
public final class Projector {
    private final MergeTally tally =
            new MergeTally(MirrorTables.ALL.stream().map(MirrorTable::name).toList());

    /** What became of the events that it was given, by table. */
    public MergeTally tally() {
        return tally;
    }

    /**
     * An event on its way into the mirror.
     *
     * @param event the decoded event
     * @param writer who brought it, {@link Writer#WEBHOOK} or {@link Writer#TAIL}
     */
    public record Incoming(WorkOsEvent event, Writer writer) {}

    /** What an event meant to the mirror. */
    public enum Effect {
        /** It is joined into its row; whether that changed anything is not said. */
        APPLIED,
        /** Its type has no table here. */
        IGNORED
    }

    /**
     * Applies events in the caller's transaction and holds a lock on each of their objects until it ends.
     *
     * @param tx an open READ COMMITTED transaction
     * @param events in any order, several of one object allowed
     * @return one effect per event, in the order of the argument
     * @throws org.springframework.dao.DataAccessException when the database refuses; nothing of the batch may then be
     *     committed
     * @throws dev.lockstep.sync.SyncProblem when an event can never be stored
     */
    public List<Effect> apply(Tx tx, List<Incoming> events) {
        MirrorBatch batch = new MirrorBatch();
        List<Effect> effects = new ArrayList<>(events.size());
        for (Incoming incoming : events) {
            effects.add(collect(batch, incoming));
        }
        batch.write(tx);
        batch.count(tally);
        return effects;
    }

    private static Effect collect(MirrorBatch batch, Incoming incoming) {
        Writer writer = incoming.writer();
        return switch (incoming.event()) {
            case UserEvent(Envelope envelope, ObjectChange change, var user) -> {
                batch.user(user, seen(envelope, writer), isGone(change));
                yield Effect.APPLIED;
            }
            case OrganizationEvent(Envelope envelope, ObjectChange change, var organization) -> {
                batch.organization(organization, seen(envelope, writer), isGone(change));
                yield Effect.APPLIED;
            }
            case MembershipEvent(Envelope envelope, ObjectChange change, var membership) -> {
                batch.membership(membership, seen(envelope, writer), isGone(change));
                yield Effect.APPLIED;
            }
            case SessionEvent(Envelope envelope, SessionEvent.Kind kind, var session) -> {
                batch.session(session, seen(envelope, writer), kind == SessionEvent.Kind.REVOKED);
                yield Effect.APPLIED;
            }
            case ObjectEvent(Envelope envelope, ObjectChange change, var object) -> {
                batch.object(object, seen(envelope, writer), isGone(change));
                yield Effect.APPLIED;
            }
            case LoggedEvent logged -> {
                batch.log(logged, writer);
                yield Effect.APPLIED;
            }
            case Unrecognised ignored -> Effect.IGNORED;
        };
    }

    private static Seen seen(Envelope envelope, Writer writer) {
        return new Seen.InEvent(envelope.createdAt(), envelope.id(), writer);
    }

    private static boolean isGone(ObjectChange change) {
        return switch (change) {
            case CREATED, UPDATED -> false;
            case DELETED -> true;
        };
    }
}
