package dev.lockstep.sync.work;

import dev.lockstep.store.Database;
import dev.lockstep.sync.SyncProblem;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/**
 * What a thrown exception says about the work at hand: nothing, "not now", or "never". Its text holds no value of the
 * event.
 */
public sealed interface Failure {
    /** Classes of SQLSTATE that depend on the data alone: bad values, broken constraints, program limits. */
    Set<String> OF_THE_DATA = Set.of("22", "23", "54");

    /** Classes of SQLSTATE that depend on the server alone: connection, resources, shutdown, system, read-only. */
    Set<String> OF_THE_SERVER = Set.of("08", "53", "57", "58", "25");

    /** Refused by a server that is only read from. */
    String MAY_WRITE = "SELECT seq FROM lockstep.inbox ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED";

    /** The database seems to be away; when it is, no event is to blame and no attempt counts. */
    record Outage() implements Failure {}

    /** It may succeed another time. */
    record Passing(String reason) implements Failure {}

    /** It would fail the same way for ever. */
    record Lasting(String reason) implements Failure {}

    /** Judges what was thrown by code that applies an event or tells a listener. */
    static Failure of(RuntimeException thrown) {
        if (thrown instanceof CannotGetJdbcConnectionException) {
            return new Outage();
        }
        Optional<String> state = sqlState(thrown);
        if (state.isPresent() && state.get().length() >= 2) {
            String kind = state.get().substring(0, 2);
            if (OF_THE_SERVER.contains(kind)) {
                return new Outage();
            }
            String reason = "the database answered with SQLSTATE " + state.get();
            return OF_THE_DATA.contains(kind) ? new Lasting(reason) : new Passing(reason);
        }
        return switch (thrown) {
            case SyncProblem problem
            when problem.code() == SyncProblem.Code.SYNC_EVENT_UNSTORABLE ->
                new Lasting(problem.code().name());
            default -> new Passing("applying failed with " + thrown.getClass().getSimpleName());
        };
    }

    /**
     * Asks the database itself whether it is away, by a statement that changes nothing and that only a server which takes
     * writes accepts. What an exception says may be about one bad statement: a time limit, a spent resource.
     */
    static boolean isAway(Database database) {
        try {
            database.write(tx -> tx.sql(MAY_WRITE).query(Long.class).optional());
            return false;
        } catch (RuntimeException e) {
            return true;
        }
    }

    private static Optional<String> sqlState(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return Optional.of(sql.getSQLState());
            }
        }
        return Optional.empty();
    }
}
