package dev.lockstep.store.feed;

import dev.lockstep.store.Database;
import dev.lockstep.store.OpenRead;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.springframework.dao.DataAccessException;

/**
 * Reads at moments that this or another node holds open, see {@link HeldSnapshots}. It makes sure that it stands where it
 * wanted to, so a moment that has gone never gives way to a newer one. Thread-safe.
 */
public final class MomentReader {
    /** What PostgreSQL says when a snapshot is not there any more: no such file, no such snapshot, its owner has gone. */
    private static final Set<String> ENDED = Set.of("22023", "42704", "55000");

    private final Database database;
    private final FeedClock clock;
    private final HeldRows rows;

    /**
     * @param database where readers read
     */
    public MomentReader(Database database) {
        this.database = database;
        this.clock = new FeedClock(database);
        this.rows = new HeldRows(database);
    }

    /** What became of a moment. */
    public sealed interface At {
        /** There it is; whoever asked closes it. */
        record Open(OpenRead read) implements At {}

        /** Nobody holds it any more, or ever did. */
        record Gone() implements At {}

        /** The clock has not come so far. */
        record NotYet() implements At {}
    }

    /**
     * Begins to read at a moment.
     *
     * @throws DataAccessException when the database is out of reach
     */
    public At at(Ts ts) {
        Optional<String> name = database.read(tx -> rows.name(tx, ts));
        if (name.isEmpty()) {
            return clock.read().ts().isBefore(ts) ? new At.NotYet() : new At.Gone();
        }
        OpenRead read;
        try {
            read = database.openReadAt(name.get());
        } catch (DataAccessException e) {
            if (e.getMostSpecificCause() instanceof SQLException sql && ENDED.contains(sql.getSQLState())) {
                return new At.Gone();
            }
            throw e;
        }
        boolean there = false;
        try {
            there = clock.find(read.tx()).filter(now -> now.ts().equals(ts)).isPresent();
            return there ? new At.Open(read) : new At.Gone();
        } finally {
            if (!there) {
                read.close();
            }
        }
    }
}
