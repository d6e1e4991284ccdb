package dev.lockstep.sync.crash;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Connections that watch what is done with them, so that a process can be ended between two statements without a word of
 * it in the program itself.
 */
final class FusedDataSource extends AbstractDataSource {
    private final DataSource real;
    private final Watcher watcher;

    /** Is told what a connection does. A transaction is known by the text of all its statements so far. */
    interface Watcher {
        void before(String statement);

        void beforeCommit(String statements);

        void afterCommit(String statements);
    }

    FusedDataSource(DataSource real, Watcher watcher) {
        this.real = real;
        this.watcher = watcher;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return watched(real.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return watched(real.getConnection(user, password));
    }

    private Connection watched(Connection connection) {
        StringBuilder statements = new StringBuilder();
        return (Connection) Proxy.newProxyInstance(
                FusedDataSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> call(connection, statements, method, arguments));
    }

    private Object call(Connection connection, StringBuilder statements, Method method, Object[] arguments)
            throws Throwable {
        boolean commits = method.getName().equals("commit");
        if (method.getName().equals("prepareStatement")) {
            watcher.before((String) arguments[0]);
            statements.append(arguments[0]).append('\n');
        } else if (commits) {
            watcher.beforeCommit(statements.toString());
        }
        try {
            Object result = method.invoke(connection, arguments);
            if (commits) {
                watcher.afterCommit(statements.toString());
                statements.setLength(0);
            } else if (method.getName().equals("rollback")) {
                statements.setLength(0);
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
