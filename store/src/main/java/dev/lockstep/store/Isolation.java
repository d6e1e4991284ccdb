package dev.lockstep.store;

/** How a transaction sees others, and whether it may write. */
public enum Isolation {
    /** Ordinary writes. */
    READ_COMMITTED(""),
    /** One snapshot for everything that is read; writes are refused by the database. */
    SNAPSHOT_READ_ONLY("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"),
    /** One snapshot and writes, without protection against write skew. */
    REPEATABLE_READ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"),
    /** As if transactions ran one after another; may fail with 40001 and must then be run again. */
    SERIALIZABLE("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");

    /** The first statement of such a transaction; empty when the server's default says the same. */
    final String begin;

    Isolation(String begin) {
        this.begin = begin;
    }
}
