package dev.lockstep.sync.inbox;

import dev.lockstep.store.Database;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.work.Crew;
import java.sql.Types;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Thins out what is finished: first an event's bytes go and its id stays, so that it still counts once whichever mouth
 * brings it again; much later, when nothing can bring it again, the id goes too. What waits or is parked stays whole.
 * Thread-safe.
 */
public final class Retention implements AutoCloseable {
    private static final Duration EVERY = Duration.ofHours(1);
    /** The first round looks at everything; later ones only at what may have come of age since, late finishers included. */
    private static final Duration LATER_ROUNDS = Duration.ofDays(7);

    private static final int CHUNK = 1_000;
    private static final String STRIP = """
            UPDATE lockstep.inbox SET body = '' WHERE seq IN (
              SELECT seq FROM lockstep.inbox
              WHERE received_at < clock_timestamp() - make_interval(secs => :bodies)
                AND received_at >= coalesce(clock_timestamp() - make_interval(secs => :reach), '-infinity')
                AND finished_at < clock_timestamp() - make_interval(secs => :bodies)
                AND state IN ('done', 'ignored') AND octet_length(body) > 0
              LIMIT :limit FOR UPDATE SKIP LOCKED)
            """;
    private static final String FORGET = """
            DELETE FROM lockstep.inbox WHERE seq IN (
              SELECT seq FROM lockstep.inbox
              WHERE received_at < clock_timestamp() - make_interval(secs => :ids) AND state IN ('done', 'ignored')
                AND octet_length(body) = 0
              LIMIT :limit FOR UPDATE SKIP LOCKED)
            """;
    private static final String FORGET_TOLD = """
            DELETE FROM lockstep.outbox WHERE seq IN (
              SELECT seq FROM lockstep.outbox
              WHERE state IN ('done', 'discarded') AND finished_at < clock_timestamp() - make_interval(secs => :bodies)
              LIMIT :limit FOR UPDATE SKIP LOCKED)
            """;

    private final Database database;
    private final Settings settings;
    private final Crew crew;
    /** False until a whole round has succeeded. */
    private volatile boolean lookedAtAll;

    /**
     * How long finished events are kept.
     *
     * @param bodies the bytes, at least a day: as long as somebody may want to look at them or replay them
     * @param ids the ids; longer than WorkOS can bring an event again, so never under 100 days
     */
    public record Settings(Duration bodies, Duration ids) {
        /** What WorkOS keeps, and ten days for whatever we misjudge. */
        private static final Duration LEAST_FOR_IDS = Duration.ofDays(100);

        public Settings {
            if (bodies.compareTo(Duration.ofDays(1)) < 0) {
                throw new IllegalArgumentException(
                        "events must be kept for a day at least, not " + bodies.toHours() + " h");
            }
            if (ids.compareTo(LEAST_FOR_IDS) < 0 || ids.compareTo(bodies) < 0) {
                throw new IllegalArgumentException("the ids of events must be kept for 100 days at least, and not"
                        + " shorter than their bytes; it is " + ids.toDays() + " days");
            }
        }

        /** Bytes for 30 days, ids for 400. */
        public static Settings defaults() {
            return new Settings(Duration.ofDays(30), Duration.ofDays(400));
        }
    }

    /** What one round did. */
    public record Thinned(long stripped, long forgotten, long toldForgotten) {}

    /** @param database where inbox and outbox lie */
    public Retention(Database database, Settings settings) {
        this.database = database;
        this.settings = settings;
        String trouble = SyncProblem.Code.SYNC_RETENTION_STALLED + ": old events could not be thinned out; they stay";
        this.crew = new Crew(new Crew.Settings("lockstep-retention", 1, EVERY, trouble), this::round);
    }

    /** Starts the thread, which looks once an hour; once. Any number of nodes may. */
    public void start() {
        crew.start();
    }

    /** Thins out what is due, on the calling thread, a thousand rows in one transaction. */
    public Thinned thinOnce() {
        Long reach = lookedAtAll ? settings.bodies().plus(LATER_ROUNDS).toSeconds() : null;
        Thinned thinned = new Thinned(all(STRIP, reach), all(FORGET, null), all(FORGET_TOLD, null));
        lookedAtAll = true;
        return thinned;
    }

    private void round() {
        thinOnce();
    }

    private long all(String statement, @Nullable Long reach) {
        long total = 0;
        int changed;
        do {
            changed = database.write(tx -> tx.sql(statement)
                    .param("bodies", settings.bodies().toSeconds())
                    .param("ids", settings.ids().toSeconds())
                    .param("reach", reach, Types.BIGINT)
                    .param("limit", CHUNK)
                    .update());
            total += changed;
        } while (changed == CHUNK);
        return total;
    }

    /** Stops after the rows in hand. */
    @Override
    public void close() {
        crew.close();
    }
}
