package dev.lockstep.sync.backfill;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** A pool whose process dies in the next commit, before or right after the server has done it. */
final class MortalConnections extends AbstractDataSource {
    private final DataSource pool;
    private final AtomicBoolean beforeTheCommit = new AtomicBoolean();
    private final AtomicBoolean afterTheCommit = new AtomicBoolean();

    MortalConnections(DataSource pool) {
        this.pool = pool;
    }

    /** What a test throws in place of {@code kill -9}. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    void dieBeforeTheNextCommit() {
        beforeTheCommit.set(true);
    }

    void dieAfterTheNextCommit() {
        afterTheCommit.set(true);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = pool.getConnection();
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    boolean commit = method.getName().equals("commit");
                    if (commit && beforeTheCommit.compareAndSet(true, false)) {
                        throw new Killed();
                    }
                    try {
                        Object result = method.invoke(connection, args);
                        if (commit && afterTheCommit.compareAndSet(true, false)) {
                            throw new Killed();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public Connection getConnection(String username, String password) {
        throw new UnsupportedOperationException();
    }
}
