package dev.lockstep.sync.freshness;

import dev.lockstep.store.Tx;
import dev.lockstep.sync.freshness.MirroredObject.Kind;
import dev.lockstep.sync.tail.Cursors;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One look at the database for everybody who waits: a statement for the events, one for each table that is waited for. */
final class Look {
    private static final String EVENTS = """
            SELECT event_id, state = 'parked' AS parked FROM lockstep.inbox
            WHERE event_id = ANY (:ids) AND state IN ('done', 'ignored', 'parked')
            """;
    private static final String OBJECTS = """
            SELECT id, event_at, event_id, deleted_at IS NOT NULL AS gone,
              greatest(updated_at, event_updated_at, snapshot_updated_at) AS changed_at
            FROM\s""";
    private static final String OF_THESE = " WHERE id = ANY (:ids)";

    private final Map<String, Awaited> events = new HashMap<>();
    private final Map<MirroredObject, Row> rows = new HashMap<>();

    /** Up to when everything is in; null when nobody asked or nothing is proved. */
    private @Nullable Instant through;

    private record Row(
            @Nullable Instant eventAt,
            @Nullable String eventId,
            boolean gone,
            @Nullable Instant changedAt) {}

    private Look() {}

    /** Looks in the caller's transaction; what it finds is true of that snapshot. */
    static Look at(Tx tx, Collection<Wanted> wanted) {
        Look look = new Look();
        String[] ids = wanted.stream()
                .flatMap(want -> want instanceof Wanted.Event event
                        ? Optional.of(event.id().value()).stream()
                        : Optional.<String>empty().stream())
                .distinct()
                .toArray(String[]::new);
        if (ids.length > 0) {
            look.events(tx, ids);
        }
        Map<Kind, String[]> objects = wanted.stream()
                .flatMap(want -> want instanceof Wanted.Change change
                        ? Optional.of(change.object()).stream()
                        : Optional.<MirroredObject>empty().stream())
                .distinct()
                .collect(Collectors.groupingBy(
                        MirroredObject::kind,
                        Collectors.mapping(
                                MirroredObject::id,
                                Collectors.collectingAndThen(
                                        Collectors.toList(), list -> list.toArray(String[]::new)))));
        objects.forEach((kind, of) -> look.objects(tx, kind, of));
        if (wanted.stream().anyMatch(Wanted.Through.class::isInstance)) {
            look.through = Cursors.appliedThrough(tx).orElse(null);
        }
        return look;
    }

    /** Whether the wait is over; empty when it is not. */
    Optional<Awaited> outcome(Wanted wanted) {
        return switch (wanted) {
            case Wanted.Event event -> Optional.ofNullable(events.get(event.id().value()));
            case Wanted.Through(Instant time) ->
                through != null && !through.isBefore(time) ? Optional.of(Awaited.REACHED) : Optional.empty();
            case Wanted.Change(MirroredObject object, Version version) ->
                Optional.ofNullable(rows.get(object))
                        .filter(row -> isReached(row, version))
                        .map(row -> Awaited.REACHED);
        };
    }

    private static boolean isReached(Row row, Version version) {
        if (row.gone()) {
            return true;
        }
        return switch (version) {
            case Version.Gone ignored -> false;
            case Version.OfChange(Instant updatedAt) ->
                row.changedAt() != null && !row.changedAt().isBefore(Micros.of(updatedAt));
            case Version.OfEvent(Instant createdAt, var id) -> {
                if (row.eventAt() == null || row.eventId() == null) {
                    yield false;
                }
                int byTime = row.eventAt().compareTo(Micros.of(createdAt));
                yield byTime > 0 || (byTime == 0 && row.eventId().compareTo(id.value()) >= 0);
            }
        };
    }

    private void events(Tx tx, String[] ids) {
        tx.sql(EVENTS)
                .param("ids", ids)
                .query((row, number) -> events.put(
                        row.getString("event_id"), row.getBoolean("parked") ? Awaited.PARKED : Awaited.REACHED))
                .list();
    }

    private void objects(Tx tx, Kind kind, String[] ids) {
        tx.sql(OBJECTS + kind.table() + OF_THESE)
                .param("ids", ids)
                .query((row, number) -> rows.put(
                        new MirroredObject(kind, row.getString("id")),
                        new Row(
                                instant(row.getObject("event_at", OffsetDateTime.class)),
                                row.getString("event_id"),
                                row.getBoolean("gone"),
                                instant(row.getObject("changed_at", OffsetDateTime.class)))))
                .list();
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
