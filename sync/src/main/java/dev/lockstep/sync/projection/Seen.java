package dev.lockstep.sync.projection;

import dev.lockstep.identity.EventId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an object became known: the part of the merge that does not depend on the kind of object. An event's version is
 * its time and id; a snapshot's is the object's own time of change and when the fetch began.
 */
sealed interface Seen {
    /** An object cannot have changed much later than it was seen; what claims so must not mask what comes after. */
    Duration TOLERATED_LEAD = Duration.ofMinutes(10);

    /** Seen in an event. */
    record InEvent(Instant createdAt, EventId id, Writer writer) implements Seen {}

    /** Seen in a reply of the API. */
    record InSnapshot(Instant fetchStartedAt, Writer writer) implements Seen {}

    /**
     * Completes a row with what the merge compares.
     *
     * @param row has its key, its own columns and the object
     * @param updatedAt what the object says, or null when it says nothing
     * @return true when the object says that it was changed long after it was observed
     */
    default boolean complete(MirrorRow row, @Nullable Instant updatedAt) {
        String said = MirrorRow.time(updatedAt);
        row.set("updated_at", said);
        Instant effective = effective(updatedAt);
        String changed = effective.equals(updatedAt) ? said : MirrorRow.time(effective);
        switch (this) {
            case InEvent(Instant createdAt, EventId id, Writer writer) -> {
                row.set("source", writer.column());
                row.set("event_at", MirrorRow.time(createdAt));
                row.set("event_id", id.value());
                row.set("event_updated_at", changed);
            }
            case InSnapshot(Instant fetchStartedAt, Writer writer) -> {
                row.set("source", writer.column());
                row.set("snapshot_at", MirrorRow.time(fetchStartedAt));
                row.set("snapshot_updated_at", changed);
                row.set("snapshot_digest", digest(row.said("raw")));
            }
        }
        return isAhead(updatedAt);
    }

    private boolean isAhead(@Nullable Instant updatedAt) {
        return updatedAt != null && updatedAt.isAfter(observedAt().plus(TOLERATED_LEAD));
    }

    /** Marks the row as gone for ever. */
    default void bury(MirrorRow row, @Nullable Instant at) {
        row.set("deleted_at", MirrorRow.time(at == null ? observedAt() : at));
        row.set(
                "deleted_by",
                switch (this) {
                    case InEvent event -> event.id().value();
                    case InSnapshot ignored -> "snapshot";
                });
    }

    /**
     * Marks the row as gone until a later version shows it again. Its last time of change says nothing about when it
     * went, so the deletion ranks by when it was observed.
     */
    default void buryForNow(MirrorRow row) {
        bury(row, null);
        String register = switch (this) {
            case InEvent ignored -> "event_updated_at";
            case InSnapshot ignored -> "snapshot_updated_at";
        };
        row.set(register, MirrorRow.time(observedAt()));
    }

    private Instant observedAt() {
        return switch (this) {
            case InEvent event -> event.createdAt();
            case InSnapshot snapshot -> snapshot.fetchStartedAt();
        };
    }

    private Instant effective(@Nullable Instant updatedAt) {
        Instant observed = observedAt();
        if (updatedAt == null) {
            return observed;
        }
        if (isAhead(updatedAt)) {
            Reports.LOG.warn(
                    "SYNC_CLOCK_AHEAD: an object says it was changed {} s after it was observed; it is applied and"
                            + " ranked by when it was observed.",
                    ChronoUnit.SECONDS.between(observed, updatedAt));
            return observed;
        }
        return updatedAt;
    }

    private static String digest(String raw) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(raw.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Where oddities of a payload are said. */
    final class Reports {
        private static final Logger LOG = LoggerFactory.getLogger(Seen.class);

        private Reports() {}
    }
}
