package dev.lockstep.sync.projection;

import dev.lockstep.store.Database;
import dev.lockstep.sync.hydrate.ObjectSink;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.WorkOsObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes what was fetched to complete the mirror. Thread-safe. */
public final class MirrorSink implements ObjectSink {
    private static final String ORGANIZATION_OF_GROUP = """
            SELECT organization_id FROM workos.groups WHERE id = :id AND organization_id IS NOT NULL
            UNION
            SELECT m.organization_id FROM workos.group_members g
            JOIN workos.organization_memberships m ON m.id = g.organization_membership_id WHERE g.group_id = :id
            LIMIT 1
            """;

    private final Database database;
    private final Snapshots snapshots;

    /** Joins through the given snapshots. */
    public MirrorSink(Database database, Snapshots snapshots) {
        this.database = database;
        this.snapshots = snapshots;
    }

    @Override
    public boolean has(ObjectKind kind, List<String> key) {
        return database.read(tx -> Rows.raw(tx, MirrorTables.of(kind), key).isPresent());
    }

    @Override
    public boolean isAlive(ObjectKind kind, List<String> key) {
        return database.read(tx -> Rows.isAlive(tx, MirrorTables.of(kind), key));
    }

    @Override
    public Optional<String> organizationOf(ObjectKind kind, List<String> key) {
        return kind != ObjectKind.GROUP
                ? Optional.empty()
                : database.read(tx -> tx.sql(ORGANIZATION_OF_GROUP)
                        .param("id", key.getFirst())
                        .query(String.class)
                        .optional());
    }

    @Override
    public void apply(WorkOsObject object, Instant fetchStartedAt) {
        snapshots.apply(Snapshots.Fetched.objects(List.of(object)), fetchStartedAt, Writer.SNAPSHOT);
    }

    @Override
    public void bury(ObjectKind kind, List<String> key, Instant askedAt) {
        Snapshots.Absent absent = new Snapshots.Absent(kind, key);
        snapshots.apply(Snapshots.Fetched.absent(List.of(absent)), askedAt, Writer.SNAPSHOT);
    }
}
