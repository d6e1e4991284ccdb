package dev.lockstep.store;

import java.sql.Connection;

/** How a transaction sees others, and whether it may write. */
public enum Isolation {
    /** Ordinary writes. */
    READ_COMMITTED(Connection.TRANSACTION_READ_COMMITTED, false),
    /** One snapshot for everything that is read; writes are refused by the database. */
    SNAPSHOT_READ_ONLY(Connection.TRANSACTION_REPEATABLE_READ, true),
    /** One snapshot and writes, without protection against write skew. */
    REPEATABLE_READ(Connection.TRANSACTION_REPEATABLE_READ, false),
    /** As if transactions ran one after another; may fail with 40001 and must then be run again. */
    SERIALIZABLE(Connection.TRANSACTION_SERIALIZABLE, false);

    final int level;
    final boolean readOnly;

    Isolation(int level, boolean readOnly) {
        this.level = level;
        this.readOnly = readOnly;
    }
}
