package dev.lockstep.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

/**
 * Runs work in transactions on a pool of connections. Thread-safe. It never retries: whoever knows that its work may
 * run twice does that. The pool's connections are expected in auto-commit mode with the server's default isolation of
 * READ COMMITTED; they are given back so.
 */
public final class Database {
    private static final Pattern EXPORTED_SNAPSHOT = Pattern.compile("[0-9A-Fa-f-]{1,64}");

    private final DataSource pool;

    public Database(DataSource pool) {
        this.pool = pool;
    }

    /**
     * The same database for work whose statements end soon: when the server does not answer for so long, the connection is
     * given up. The server is not told; it ends what it has begun there when it finds out.
     *
     * @param patience how long one answer of the server may take; more than any of its own limits on statements
     */
    public Database within(Duration patience) {
        return new Database(new PatientConnections(pool, patience));
    }

    /** Work that gives a result and may fail like any other code. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Tx tx);
    }

    /** What runs on the same connection right after the commit, outside any transaction. */
    @FunctionalInterface
    public interface AfterCommit<T extends @Nullable Object, R extends @Nullable Object> {
        R run(T result, Tx tx);
    }

    /**
     * Runs the work in a transaction of its own: committed when the work returns, rolled back when it throws.
     *
     * @param isolation how the transaction sees others
     * @param work runs on the calling thread, once
     * @return what the work returned
     * @throws DataAccessException when the database refuses or cannot be reached; when that happens during the commit
     *     itself, whether it took place is unknown
     */
    public <T extends @Nullable Object> T inTransaction(Isolation isolation, Work<T> work) {
        return inTransactionThen(isolation, work, (result, tx) -> result);
    }

    /**
     * Like {@link #inTransaction}, and then runs a second step on the same connection after the commit. When the second
     * step throws, the transaction is committed all the same.
     */
    public <T extends @Nullable Object, R extends @Nullable Object> R inTransactionThen(
            Isolation isolation, Work<T> work, AfterCommit<T, R> afterCommit) {
        return begun(isolation.begin, "", work, afterCommit);
    }

    /** Runs an ordinary READ COMMITTED transaction. */
    public <T extends @Nullable Object> T write(Work<T> work) {
        return inTransaction(Isolation.READ_COMMITTED, work);
    }

    /** Reads at one snapshot; writes are refused. */
    public <T extends @Nullable Object> T read(Work<T> work) {
        return inTransaction(Isolation.SNAPSHOT_READ_ONLY, work);
    }

    /**
     * Reads at a snapshot that another open transaction has exported; writes are refused.
     *
     * @param exportedSnapshot what {@code pg_export_snapshot()} returned there; the exporter must still be open
     */
    public <T extends @Nullable Object> T readAt(String exportedSnapshot, Work<T> work) {
        return begun(Isolation.SNAPSHOT_READ_ONLY.begin, atSnapshot(exportedSnapshot), work, (result, tx) -> result);
    }

    /** Begins to read; the snapshot is that of the first statement. Whoever opens it closes it. */
    public OpenRead openRead() {
        return opened("");
    }

    /** Begins to read at a snapshot that another open transaction has exported, see {@link #readAt}. */
    public OpenRead openReadAt(String exportedSnapshot) {
        return opened(atSnapshot(exportedSnapshot));
    }

    private static String atSnapshot(String exported) {
        if (!EXPORTED_SNAPSHOT.matcher(exported).matches()) {
            throw new IllegalArgumentException("Not the name of an exported snapshot.");
        }
        return "SET TRANSACTION SNAPSHOT '" + exported + "'";
    }

    private OpenRead opened(String second) {
        Connection connection = open();
        OpenRead read = new OpenRead(connection);
        try {
            connection.setAutoCommit(false);
            execute(connection, Isolation.SNAPSHOT_READ_ONLY.begin);
            execute(connection, second);
            return read;
        } catch (SQLException e) {
            read.close();
            throw translate(e);
        }
    }

    private <T extends @Nullable Object, R extends @Nullable Object> R begun(
            String first, String second, Work<T> work, AfterCommit<T, R> afterCommit) {
        try (Connection connection = open()) {
            try {
                connection.setAutoCommit(false);
                execute(connection, first);
                execute(connection, second);
                Tx tx = new Tx(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
                T result = work.run(tx);
                connection.commit();
                connection.setAutoCommit(true);
                return afterCommit.run(result, tx);
            } catch (Throwable failure) {
                rollBack(connection, failure);
                throw failure;
            }
        } catch (SQLException e) {
            throw translate(e);
        }
    }

    private Connection open() {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            throw new CannotGetJdbcConnectionException("No database connection", e);
        }
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        if (!statement.isEmpty()) {
            try (Statement plain = connection.createStatement()) {
                plain.execute(statement);
            }
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            // A pool throws away a connection that it cannot reset.
            failure.addSuppressed(e);
        }
    }

    private static DataAccessException translate(SQLException e) {
        var translated = new SQLExceptionSubclassTranslator().translate("transaction", null, e);
        return translated != null ? translated : new UncategorizedSQLException("transaction", null, e);
    }
}
