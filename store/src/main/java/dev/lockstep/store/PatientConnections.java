package dev.lockstep.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections that give up waiting for an answer of the server after a while: one that swallows everything without
 * closing would else hold its user for as long as the driver allows. Thread-safe. The pool behind it puts the driver's own
 * limit back when a connection returns.
 */
public final class PatientConnections extends DelegatingDataSource {
    private volatile int millis;

    /**
     * @param pool where the connections come from
     * @param patience how long one answer of the server may take
     */
    public PatientConnections(DataSource pool, Duration patience) {
        super(pool);
        allow(patience);
    }

    /** From the next connection on, one answer may take so long. */
    public void allow(Duration patience) {
        if (patience.toMillis() <= 0) {
            throw new IllegalArgumentException("patience must be above zero, not " + patience);
        }
        millis = Math.toIntExact(patience.toMillis());
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        try {
            connection.setNetworkTimeout(Runnable::run, millis);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
