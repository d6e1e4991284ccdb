package dev.lockstep.live.function;

import java.util.List;
import java.util.Optional;

/** Reads rows of one watched table by the value of an indexed column. */
public interface TableReader {

    /**
     * Chooses the column.
     *
     * @param column of type text, varchar, uuid, smallint, integer, bigint or boolean; best one of those that the table's
     *     change rows carry, else every change of the table makes the answer stale
     */
    Index index(String column);

    /** One column of the table. */
    @FunctionalInterface
    interface Index {
        /** The rows that have this value there, written as text. */
        Match eq(String value);
    }

    /** The rows that match. A miss is remembered too: the query runs again when such a row appears. */
    interface Match {
        /** Any one of the rows. */
        Optional<Row> first();

        /**
         * The only row.
         *
         * @throws LiveProblem when there are several
         */
        Optional<Row> unique();

        /** All rows, in no order that could be relied on. */
        List<Row> collect();
    }
}
