package dev.lockstep.sync.freshness;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsObject;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsUser;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Writes at WorkOS and joins the reply into the mirror before it returns, so that whoever wrote reads their own write.
 * It does not decide who may write. Thread-safe.
 */
public final class WriteThrough {
    private static final Logger LOG = LoggerFactory.getLogger(WriteThrough.class);

    private final Snapshots snapshots;
    private final InstantSource clock;

    /**
     * @param snapshots joins the reply into the mirror
     * @param clock says when the write began
     */
    public WriteThrough(Snapshots snapshots, InstantSource clock) {
        this.snapshots = snapshots;
        this.clock = clock;
    }

    /**
     * A write that WorkOS has carried out.
     *
     * @param <T> the kind of object
     * @param reply the object as WorkOS shows it afterwards
     * @param merged whether the mirror has it already; when false the database was away and the event of the write
     *     brings it, for which {@code token} waits
     * @param token lets a later read wait for this write, on any node; empty when the reply says no time of change
     */
    public record Written<T>(T reply, boolean merged, Optional<ReadToken> token) {}

    /**
     * Changes a user.
     *
     * @param call makes the call and returns the reply; what it throws comes out here and nothing is merged
     */
    public Written<WorkOsUser> user(Supplier<WorkOsUser> call) {
        return write(call, Fetched::user, user -> token(MirroredObject.user(user.id()), user.updatedAt()));
    }

    /**
     * Changes an organization.
     *
     * @param call makes the call and returns the reply; what it throws comes out here and nothing is merged
     */
    public Written<WorkOsOrganization> organization(Supplier<WorkOsOrganization> call) {
        return write(
                call,
                Fetched::organization,
                organization -> token(MirroredObject.organization(organization.id()), organization.updatedAt()));
    }

    /**
     * Changes a membership.
     *
     * @param call makes the call and returns the reply; what it throws comes out here and nothing is merged
     */
    public Written<WorkOsMembership> membership(Supplier<WorkOsMembership> call) {
        return write(
                call,
                Fetched::membership,
                membership -> token(MirroredObject.membership(membership.id()), membership.updatedAt()));
    }

    /**
     * Sends or takes back an invitation. It has no read token: nobody waits for one by id.
     *
     * @param call makes the call and returns the reply; what it throws comes out here and nothing is merged
     */
    public Written<WorkOsObject> invitation(Supplier<WorkOsObject> call) {
        return write(call, reply -> Fetched.objects(List.of(reply)), reply -> Optional.empty());
    }

    /**
     * Ends a membership for good.
     *
     * @param id of the membership that {@code call} ends
     * @param call makes the call; what it throws comes out here and nothing is merged
     */
    public Written<MembershipId> removal(MembershipId id, Runnable call) {
        Fetched gone =
                Fetched.absent(List.of(new Snapshots.Absent(ObjectKind.ORGANIZATION_MEMBERSHIP, List.of(id.value()))));
        return write(
                () -> {
                    call.run();
                    return id;
                },
                reply -> gone,
                reply -> token(MirroredObject.membership(reply), clock.instant()));
    }

    private <T> Written<T> write(
            Supplier<T> call, Function<T, Fetched> fetched, Function<T, Optional<ReadToken>> token) {
        Instant startedAt = clock.instant();
        T reply = call.get();
        return new Written<>(reply, merge(fetched.apply(reply), startedAt), token.apply(reply));
    }

    /** The write has happened at WorkOS; trouble of our own must not make it look as if it had not. */
    private boolean merge(Fetched fetched, Instant startedAt) {
        try {
            snapshots.apply(fetched, startedAt, Writer.SNAPSHOT);
            return true;
        } catch (DataAccessException e) {
            LOG.warn(
                    "{}: WorkOS has carried out a write whose reply could not be merged ({}); its event brings it.",
                    SyncProblem.Code.SYNC_WRITE_NOT_MERGED,
                    e.getClass().getSimpleName());
            return false;
        }
    }

    private static Optional<ReadToken> token(MirroredObject object, @Nullable Instant updatedAt) {
        return Optional.ofNullable(updatedAt).map(at -> ReadToken.of(object, at));
    }
}
