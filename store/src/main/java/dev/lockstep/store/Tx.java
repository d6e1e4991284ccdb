package dev.lockstep.store;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One open transaction on one connection: the only handle through which this project runs SQL. It is not thread-safe
 * and is dead once the work it was given to has returned.
 *
 * @param jdbc runs statements on the connection of this transaction
 */
public record Tx(JdbcClient jdbc) {

    /** Starts a statement with named parameters ({@code :name}). */
    public JdbcClient.StatementSpec sql(String text) {
        return jdbc.sql(text);
    }
}
