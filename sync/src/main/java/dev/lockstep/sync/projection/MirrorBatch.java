package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.hydrate.RefetchQueue;
import dev.lockstep.sync.hydrate.Wanted;
import dev.lockstep.sync.work.MergeTally;
import dev.lockstep.workos.event.LoggedEvent;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.ObjectsApi;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsObject;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsSession;
import dev.lockstep.workos.object.WorkOsUser;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Observations that are written together, in one transaction. Collect, then {@link #write} once.
 *
 * <p>What hangs on an object must not slip past its deletion, so each object is locked by its key for the rest of the
 * transaction: the object itself exclusively, the parents it names shared.
 */
final class MirrorBatch {
    private static final String ACTIVE = "active";
    private static final Column CREATED_AT = new Column("created_at", Column.Kind.TIME, List.of("created_at"));
    /** Set for a transaction whose changes are told to somebody one by one. */
    private static final String IS_LOUD = "SELECT coalesce(current_setting('lockstep.loud', true), '') = 'on'";

    private static final String BELONGED =
            "SELECT id FROM workos.{table} WHERE organization_id = ANY (:organizations) AND deleted_at IS NULL ORDER BY id";

    private final ObjectLocks locks = new ObjectLocks();
    private final Map<String, Rows> rowsByTable = new HashMap<>();
    private final LogRows logs = new LogRows();
    private final Tenants tenants = new Tenants();
    /** Once for each object: the first reason counts. */
    private final Map<String, Wanted> wanted = new LinkedHashMap<>();

    /** Several as one; each of them must be left alone afterwards. */
    static MirrorBatch of(List<MirrorBatch> batches) {
        MirrorBatch joined = new MirrorBatch();
        for (MirrorBatch batch : batches) {
            joined.locks.add(batch.locks);
            batch.rowsByTable.forEach((table, rows) -> joined.rowsByTable
                    .computeIfAbsent(table, name -> new Rows(rows.table()))
                    .addAll(rows));
            joined.logs.addAll(batch.logs);
            joined.tenants.addAll(batch.tenants);
            batch.wanted.forEach(joined.wanted::putIfAbsent);
        }
        return joined;
    }

    void user(WorkOsUser user, Seen seen, boolean gone) {
        add(MirrorTables.USERS, List.of(user.id().value()), user.updatedAt(), user.raw(), seen, gone);
    }

    void organization(WorkOsOrganization organization, Seen seen, boolean gone) {
        List<String> key = List.of(organization.id().value());
        add(MirrorTables.ORGANIZATIONS, key, organization.updatedAt(), organization.raw(), seen, gone);
    }

    void membership(WorkOsMembership membership, Seen seen, boolean gone) {
        List<String> key = List.of(membership.id().value());
        add(MirrorTables.MEMBERSHIPS, key, membership.updatedAt(), membership.raw(), seen, gone);
    }

    /** Ended is terminal for a session, whoever says it: an event, or a reply that shows another status than active. */
    void session(WorkOsSession session, Seen seen, boolean revoked) {
        if (session.userId() == null) {
            throw new SyncProblem(
                    SyncProblem.Code.SYNC_EVENT_UNSTORABLE,
                    "A session names no user; look at the event in the parked list.");
        }
        boolean over = session.endedAt() != null
                || (session.status() != null && !session.status().equals(ACTIVE));
        List<String> key = List.of(session.id().value());
        add(MirrorTables.SESSIONS, key, session.updatedAt(), session.raw(), seen, revoked || over);
    }

    void object(WorkOsObject object, Seen seen, boolean gone) {
        switch (object.kind()) {
            case ORGANIZATION_MEMBERSHIP -> {
                object.demandIds("user_id", "organization_id");
                add(MirrorTables.MEMBERSHIPS, object.key(), object.updatedAt(), object.raw(), seen, gone);
            }
            case SESSION -> session(WorkOsSession.from(object.raw()), seen, gone);
            case USER,
                    ORGANIZATION,
                    ORGANIZATION_DOMAIN,
                    ROLE,
                    ORGANIZATION_ROLE,
                    PERMISSION,
                    INVITATION,
                    DIRECTORY,
                    DIRECTORY_USER,
                    DIRECTORY_GROUP,
                    DIRECTORY_GROUP_MEMBER,
                    CONNECTION,
                    GROUP,
                    GROUP_MEMBER,
                    FEATURE_FLAG,
                    API_KEY ->
                add(MirrorTables.of(object.kind()), object.key(), object.updatedAt(), object.raw(), seen, gone);
        }
    }

    void log(LoggedEvent event, Writer writer) {
        logs.add(event, writer);
    }

    private void add(
            MirrorTable table, List<String> key, @Nullable Instant updatedAt, JsonNode raw, Seen seen, boolean gone) {
        MirrorRow row = new MirrorRow(table, key, raw);
        row.set("created_at", CREATED_AT.text(raw));
        boolean ahead = seen.complete(row, updatedAt);
        if (!gone && seen instanceof Seen.InEvent) {
            if (ahead) {
                want(table, key, Wanted.Reason.CLOCK);
            } else if (table.oftenMissing().stream().anyMatch(column -> !row.has(column))) {
                want(table, key, Wanted.Reason.PARTIAL);
            }
        }
        if (gone) {
            switch (table.rule()) {
                case TERMINAL -> seen.bury(row, null);
                case RETURNING -> seen.buryForNow(row);
            }
        }
        if (table.kind() == ObjectKind.ORGANIZATION && !gone) {
            tenants.add(key.getFirst(), Objects.requireNonNullElse(row.get("name"), ""));
        }
        lock(table, row);
        rowsByTable.computeIfAbsent(table.name(), name -> new Rows(table)).add(row);
    }

    private void lock(MirrorTable table, MirrorRow row) {
        locks.exclusive(lockOf(table, row.name()));
        for (MirrorTable.Parent parent : table.parents()) {
            String id = row.get(parent.reference());
            if (id != null) {
                locks.shared(id);
            }
        }
    }

    private static String lockOf(MirrorTable table, String key) {
        return switch (table.rule()) {
            case TERMINAL -> key;
            case RETURNING -> table.name() + "/" + key;
        };
    }

    /** The rows of one table, if any. */
    Optional<Rows> rows(MirrorTable table) {
        return Optional.ofNullable(rowsByTable.get(table.name()));
    }

    /** Adds an object that has no row in this batch to what is locked. */
    void lockAlone(MirrorTable table, String key) {
        locks.exclusive(lockOf(table, key));
    }

    /** Takes the locks before anything is read; {@link #write} would take them as well. */
    void lock(Tx tx) {
        locks.take(tx);
    }

    /** Counts what became of everything when it was written. */
    void count(MergeTally tally) {
        rowsByTable.values().forEach(rows -> rows.count(tally));
    }

    /** Writes, and queues what has to be asked for. */
    void write(Tx tx) {
        writeAlone(tx);
        RefetchQueue.add(tx, wanted.values());
    }

    /** Writes for somebody who walks over everything, parents included, and needs nothing asked for. */
    void writeAlone(Tx tx) {
        locks.take(tx);
        boolean loud = rowsByTable.values().stream().anyMatch(Rows::hasEvents)
                && tx.sql(IS_LOUD).query(Boolean.class).single();
        Kinship kinship = new Kinship(rowsByTable);
        kinship.settle(tx);
        for (MirrorTable table : MirrorTables.ALL) {
            Rows rows = rowsByTable.get(table.name());
            if (rows != null) {
                rows.write(tx, loud).forEach(key -> want(table, key, Wanted.Reason.TIE));
            }
        }
        logs.write(tx);
        tenants.ensure(tx);
        kinship.bury(tx);
        kinship.missing().forEach(this::want);
        rows(MirrorTables.ORGANIZATIONS)
                .map(Rows::goneIds)
                .filter(gone -> !gone.isEmpty())
                .ifPresent(gone -> doubtWhatBelongedTo(tx, gone));
    }

    /** Whether these go with their organization is not known beforehand; WorkOS is asked for each. */
    private void doubtWhatBelongedTo(Tx tx, Set<String> organizations) {
        for (MirrorTable table : MirrorTables.OF_ORGANIZATIONS) {
            tx.sql(BELONGED.replace("{table}", table.name()))
                    .param("organizations", organizations.toArray(String[]::new))
                    .query(String.class)
                    .list()
                    .forEach(id -> want(table, List.of(id), Wanted.Reason.GONE));
        }
    }

    private void want(MirrorTable table, List<String> key, Wanted.Reason reason) {
        want(new Wanted(table.kind(), key, reason));
    }

    private void want(Wanted one) {
        if (ObjectsApi.answersFor(one.kind())) {
            wanted.putIfAbsent(one.kind() + " " + one.key(), one);
        }
    }
}
