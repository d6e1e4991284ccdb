package dev.lockstep.live.function;

/** A mistake in the program around live functions. Browsers see only a request id; the log has this. */
public final class LiveProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Code code;

    LiveProblem(Code code, String sentence) {
        super(code + ": " + sentence);
        this.code = code;
    }

    /** What kind of mistake. */
    public Code code() {
        return code;
    }

    /** Stable names of the mistakes. */
    public enum Code {
        /** Two functions have one name, or a name is not {@code module:function}. */
        LIVE_FUNCTION_NAME,
        /** A function called another one that is not registered. */
        LIVE_FUNCTION_UNKNOWN,
        /** A query reads a table that has no change trigger, so it would never run again. */
        LIVE_TABLE_NOT_WATCHED,
        /** A point read names a column that is absent or of a type that has no exact text. */
        LIVE_COLUMN_UNUSABLE,
        /** A value has no text of the column's type. */
        LIVE_VALUE_UNUSABLE,
        /** A read would return more rows than a query may hold. */
        LIVE_TOO_MANY_ROWS,
        /** A function reads two pages; only one can keep its end. */
        LIVE_PAGINATED_TWICE,
        /** A statement reads a table that it does not declare. */
        LIVE_SQL_UNDECLARED,
        /** An annotated method cannot be a function. */
        LIVE_METHOD_UNUSABLE,
        /** Several rows where one was promised. */
        LIVE_NOT_UNIQUE,
        /** A row holds a column type that cannot be sent. */
        LIVE_ROW_UNUSABLE,
        /** A row was asked for a column that it lacks, or as something it is not. */
        LIVE_ROW_MISREAD,
        /** The row of a mutation's own request is gone. */
        LIVE_REQUEST_LOST
    }
}
