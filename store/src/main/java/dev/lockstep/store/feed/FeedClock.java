package dev.lockstep.store.feed;

import dev.lockstep.store.Database;
import dev.lockstep.store.Isolation;
import dev.lockstep.store.StoreException;
import dev.lockstep.store.Tx;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * The clock that all nodes share: {@code ts = epoch * 2^48 + pg_snapshot_xmax}. Within one life of the server the
 * counter only grows; whenever the server's start time is not the stored one (restart, crash, failover, restore) the
 * epoch grows first. Owns {@code lockstep.clock}. Thread-safe; it keeps nothing in memory.
 */
public final class FeedClock {
    private static final String READ = """
            SELECT pg_current_snapshot()::text AS snapshot, epoch
            FROM lockstep.clock WHERE server_started_at = pg_postmaster_start_time()
            """;
    /**
     * Stands where a statement reads from: whoever is cut off between it and the commit that follows at once holds its row
     * for seconds, and not until the server takes the connection for dead.
     */
    static final String SILENCE = "set_config('idle_in_transaction_session_timeout', '5s', true) AS silence";

    private static final String NEXT_EPOCH_OF_NEW_SERVER = """
            INSERT INTO lockstep.clock AS c (epoch, server_started_at)
            SELECT (now() AT TIME ZONE 'UTC')::date - DATE '2026-01-01' + 1, pg_postmaster_start_time() FROM {silence}
            ON CONFLICT (one) DO UPDATE
            SET epoch = greatest(c.epoch + 1, excluded.epoch), server_started_at = excluded.server_started_at
            WHERE c.server_started_at <> excluded.server_started_at
            """.replace("{silence}", SILENCE);
    private static final String NEXT_EPOCH_AFTER =
            "UPDATE lockstep.clock SET epoch = :after + 1 FROM " + SILENCE + " WHERE epoch <= :after";
    private static final String OWN_XID = "SELECT pg_current_xact_id_if_assigned()::text";
    private static final int ATTEMPTS = 3;

    private final Database database;

    public FeedClock(Database database) {
        this.database = database;
    }

    /** The clock now. */
    public Reading read() {
        return database.read(tx -> find(tx)).orElseGet(this::readInNewEpoch);
    }

    /** The clock at a snapshot that is not older than this server's last start; meant for the newest ones. */
    public Ts at(Snapshot snapshot) {
        return Ts.of(read().epoch(), snapshot.xmax());
    }

    /**
     * Runs the work in a transaction and reads the clock after its commit. Never retries the work.
     *
     * @throws DataAccessException when the transaction failed, or, rarely, when it was committed and then the server
     *     could not be asked for the clock
     */
    public <T extends @Nullable Object> Committed<T> committed(Isolation isolation, Database.Work<T> work) {
        return database.inTransactionThen(
                isolation,
                tx -> {
                    T result = work.run(tx);
                    return new Written<>(result, ownXid(tx));
                },
                (written, tx) -> new Committed<>(written.result, written.xid, readAfterCommit(tx)));
    }

    private record Written<T extends @Nullable Object>(T result, OptionalLong xid) {}

    /** The clock at the snapshot of this transaction; empty when the epoch must grow first. */
    Optional<Reading> find(Tx tx) {
        return tx.sql(READ)
                .query((rs, row) -> {
                    Snapshot snapshot = Snapshot.parse(rs.getString("snapshot"));
                    return new Reading(Ts.of(rs.getInt("epoch"), snapshot.xmax()), snapshot);
                })
                .optional();
    }

    /** Lets the epoch grow if the server is not the one that was seen last. */
    void noticeServer() {
        database.write(tx -> tx.sql(NEXT_EPOCH_OF_NEW_SERVER).update());
    }

    /** Lets the epoch grow beyond a reading that somebody has already seen. */
    void passBeyond(Ts seen) {
        int epoch = (int) (seen.value() >>> Ts.COUNTER_BITS);
        database.write(tx -> tx.sql(NEXT_EPOCH_AFTER).param("after", epoch).update());
    }

    private Reading readAfterCommit(Tx tx) {
        try {
            return find(tx).orElseGet(this::readInNewEpoch);
        } catch (DataAccessException lostAfterCommit) {
            // The commit stands; any later snapshot of any connection contains it.
            return read();
        }
    }

    private Reading readInNewEpoch() {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            noticeServer();
            Optional<Reading> reading = database.read(this::find);
            if (reading.isPresent()) {
                return reading.get();
            }
        }
        throw new StoreException(
                StoreException.Code.FEED_CLOCK_STUCK,
                "The clock of the feed could not be set in %d attempts; the server seems to restart over and over. Check its log."
                        .formatted(ATTEMPTS),
                null);
    }

    private static OptionalLong ownXid(Tx tx) {
        String xid = tx.sql(OWN_XID).query(String.class).optional().orElse(null);
        return xid == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(xid));
    }
}
