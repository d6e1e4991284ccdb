package dev.lockstep.sync.projection;

import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsObject;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsSession;
import dev.lockstep.workos.object.WorkOsUser;
import java.time.Instant;
import java.util.List;

/**
 * Joins objects fetched from the WorkOS API into the mirror: what a sign-in brings, the reply to a write, and later
 * whole walks. A snapshot never revives what is gone and never beats an event that knows a later change. Thread-safe.
 */
public final class Snapshots {
    private final Database database;
    private final Doorbell committed;

    /**
     * @param database where the mirror is
     * @param committed rung after each commit, so that readers of the change feed look at once
     */
    public Snapshots(Database database, Doorbell committed) {
        this.database = database;
        this.committed = committed;
    }

    /**
     * An object that WorkOS, asked for it, says is not there.
     *
     * @param key as in {@link WorkOsObject#key}
     */
    public record Absent(ObjectKind kind, List<String> key) {
        public Absent {
            key = List.copyOf(key);
        }
    }

    /**
     * Objects that one or several requests to WorkOS brought. What an object carries whole, such as the domains of an
     * organization, is joined with it.
     *
     * @param users possibly empty
     * @param organizations possibly empty
     * @param memberships possibly empty
     * @param sessions possibly empty; one that is not active any more is recorded as ended, for good
     * @param objects of all kinds, possibly empty
     * @param absent what WorkOS says is not there any more; only what the mirror has is buried, and what is keyed by id
     *     for good
     */
    public record Fetched(
            List<WorkOsUser> users,
            List<WorkOsOrganization> organizations,
            List<WorkOsMembership> memberships,
            List<WorkOsSession> sessions,
            List<WorkOsObject> objects,
            List<Absent> absent) {
        public Fetched {
            users = List.copyOf(users);
            organizations = List.copyOf(organizations);
            memberships = List.copyOf(memberships);
            sessions = List.copyOf(sessions);
            objects = List.copyOf(objects);
            absent = List.copyOf(absent);
        }

        /** Nothing of the other kinds. */
        public Fetched(
                List<WorkOsUser> users,
                List<WorkOsOrganization> organizations,
                List<WorkOsMembership> memberships,
                List<WorkOsSession> sessions) {
            this(users, organizations, memberships, sessions, List.of(), List.of());
        }

        /** Objects of any kind. */
        public static Fetched objects(List<WorkOsObject> objects) {
            return new Fetched(List.of(), List.of(), List.of(), List.of(), objects, List.of());
        }

        /** Nothing but what is not there any more. */
        public static Fetched absent(List<Absent> absent) {
            return new Fetched(List.of(), List.of(), List.of(), List.of(), List.of(), absent);
        }

        /** One user and nothing else. */
        public static Fetched user(WorkOsUser user) {
            return new Fetched(List.of(user), List.of(), List.of(), List.of());
        }

        /** One organization and nothing else. */
        public static Fetched organization(WorkOsOrganization organization) {
            return new Fetched(List.of(), List.of(organization), List.of(), List.of());
        }

        /** One membership and nothing else. */
        public static Fetched membership(WorkOsMembership membership) {
            return new Fetched(List.of(), List.of(), List.of(membership), List.of());
        }

        /** One session and nothing else. */
        public static Fetched session(WorkOsSession session) {
            return new Fetched(List.of(), List.of(), List.of(), List.of(session));
        }
    }

    /**
     * Joins the objects in a transaction of its own.
     *
     * @param fetched what WorkOS answered
     * @param fetchStartedAt read from the clock <em>before</em> the request was sent
     * @param writer {@link Writer#SNAPSHOT} or {@link Writer#LOGIN}
     * @throws org.springframework.dao.DataAccessException when the database refuses or cannot be reached
     */
    public void apply(Fetched fetched, Instant fetchStartedAt, Writer writer) {
        database.write(tx -> {
            applyIn(tx, fetched, fetchStartedAt, writer);
            return fetchStartedAt;
        });
        committed.ring();
    }

    /**
     * Joins what was fetched about one person, in a transaction of its own, and gives them the application's own rows,
     * account and profile, where those are missing; what is there is left alone, and so is somebody who is gone.
     *
     * @param fetchStartedAt read from the clock <em>before</em> the first request was sent
     * @throws org.springframework.dao.DataAccessException when the database refuses or cannot be reached
     */
    public void applyPerson(UserId user, Fetched fetched, Instant fetchStartedAt) {
        database.write(tx -> {
            applyIn(tx, fetched, fetchStartedAt, Writer.SNAPSHOT);
            Accounts.repair(tx, user);
            return user;
        });
        committed.ring();
    }

    /** Like {@link #apply}, in the caller's READ COMMITTED transaction, without ringing. */
    public void applyIn(Tx tx, Fetched fetched, Instant fetchStartedAt, Writer writer) {
        batch(tx, fetched, fetchStartedAt, writer).write(tx);
    }

    static MirrorBatch batch(Tx tx, Fetched fetched, Instant fetchStartedAt, Writer writer) {
        Seen seen = new Seen.InSnapshot(fetchStartedAt, writer);
        MirrorBatch batch = new MirrorBatch();
        fetched.users().forEach(user -> batch.user(user, seen, false));
        fetched.organizations().forEach(organization -> {
            batch.organization(organization, seen, false);
            parts(batch, WorkOsObject.from(ObjectKind.ORGANIZATION, organization.raw()), seen);
        });
        fetched.memberships().forEach(membership -> batch.membership(membership, seen, false));
        fetched.sessions().forEach(session -> batch.session(session, seen, false));
        fetched.objects().forEach(object -> {
            batch.object(object, seen, false);
            parts(batch, object, seen);
        });
        for (Absent absent : fetched.absent()) {
            MirrorTable table = MirrorTables.of(absent.kind());
            Rows.raw(tx, table, absent.key())
                    .ifPresent(raw -> batch.object(WorkOsObject.held(absent.kind(), absent.key(), raw), seen, true));
        }
        return batch;
    }

    private static void parts(MirrorBatch batch, WorkOsObject object, Seen seen) {
        object.inside().forEach(part -> batch.object(part, seen, false));
    }
}
