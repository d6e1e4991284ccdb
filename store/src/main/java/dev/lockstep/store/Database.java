package dev.lockstep.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

/**
 * Runs work in transactions on a pool of connections. Thread-safe. It never retries: whoever knows that its work may
 * run twice does that.
 */
public final class Database {
    private final DataSource pool;

    public Database(DataSource pool) {
        this.pool = pool;
    }

    /** Work that gives a result and may fail like any other code. */
    @FunctionalInterface
    public interface Work<T extends @org.jspecify.annotations.Nullable Object> {
        T run(Tx tx);
    }

    /**
     * Runs the work in a transaction of its own: committed when the work returns, rolled back when it throws.
     *
     * @param isolation how the transaction sees others
     * @param work runs on the calling thread, once
     * @return what the work returned
     * @throws org.springframework.dao.DataAccessException when the database refuses or cannot be reached
     */
    public <T extends @org.jspecify.annotations.Nullable Object> T inTransaction(Isolation isolation, Work<T> work) {
        try (Connection connection = open()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(isolation.level);
            connection.setReadOnly(isolation.readOnly);
            try {
                T result = work.run(new Tx(JdbcClient.create(new SingleConnectionDataSource(connection, true))));
                connection.commit();
                return result;
            } catch (Throwable failure) {
                rollBack(connection, failure);
                throw failure;
            } finally {
                restore(connection);
            }
        } catch (SQLException e) {
            throw translate("transaction", e);
        }
    }

    /** Runs an ordinary READ COMMITTED transaction. */
    public <T extends @org.jspecify.annotations.Nullable Object> T write(Work<T> work) {
        return inTransaction(Isolation.READ_COMMITTED, work);
    }

    /** Reads at one snapshot; writes are refused. */
    public <T extends @org.jspecify.annotations.Nullable Object> T read(Work<T> work) {
        return inTransaction(Isolation.SNAPSHOT_READ_ONLY, work);
    }

    private Connection open() {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            throw new CannotGetJdbcConnectionException("No database connection", e);
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static void restore(Connection connection) {
        try {
            if (!connection.isClosed()) {
                connection.setReadOnly(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            // A pool throws away a connection that it cannot reset; the outcome of the work is already known.
            return;
        }
    }

    private static org.springframework.dao.DataAccessException translate(String task, SQLException e) {
        var translated = new SQLExceptionSubclassTranslator().translate(task, null, e);
        return translated != null ? translated : new org.springframework.jdbc.UncategorizedSQLException(task, null, e);
    }
}
