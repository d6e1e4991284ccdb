package dev.lockstep.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A read-only transaction at one snapshot that stays open, and keeps its connection, until it is closed. For work that
 * begins and ends in one place use {@link Database#read}. Not thread-safe.
 */
public final class OpenRead implements AutoCloseable {
    private final Connection connection;
    private final Tx tx;

    OpenRead(Connection connection) {
        this.connection = connection;
        this.tx = new Tx(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
    }

    /** Reads at the snapshot; dead once this is closed. */
    public Tx tx() {
        return tx;
    }

    /**
     * Asks the server whether the connection still stands.
     *
     * @param patience how long it may take to answer; whole seconds, at least one
     */
    public boolean isAlive(Duration patience) {
        try {
            return connection.isValid(Math.toIntExact(patience.toSeconds()));
        } catch (SQLException e) {
            return false;
        }
    }

    /** Ends the transaction and gives the connection back. Does nothing the second time. */
    @Override
    public void close() {
        try (connection) {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            // The server ends what a lost connection has begun, and a pool throws such a connection away.
            return;
        }
    }
}
