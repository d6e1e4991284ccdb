package dev.lockstep.store;

import org.jspecify.annotations.Nullable;

/** A refusal of the store with a stable code; ordinary SQL failures stay Spring's {@code DataAccessException}. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The stable codes; each stands in the published list of errors. */
    public enum Code {
        /** The server is older than the oldest PostgreSQL this project supports. */
        STORE_POSTGRES_TOO_OLD,
        /** The server may forget a commit that it has acknowledged. */
        STORE_COMMIT_NOT_DURABLE,
        /** A migration failed, or the schema was changed by another hand. */
        STORE_MIGRATION_FAILED,
        /** The server could not be asked. */
        STORE_UNREACHABLE,
        /** The clock of the feed has used up its epochs or its row cannot be written. */
        FEED_CLOCK_STUCK
    }

    private final Code code;

    /**
     * @param code the stable code
     * @param sentence what is wrong and the next step, without any bound value
     * @param cause what the database said, if anything
     */
    public StoreException(Code code, String sentence, @Nullable Throwable cause) {
        super(code + ": " + sentence, cause);
        this.code = code;
    }

    /** The stable code. */
    public Code code() {
        return code;
    }
}
