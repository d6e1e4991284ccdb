package dev.lockstep.live.function;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One SELECT on its way to the database. */
public interface SqlReader {
    /** Binds a named parameter. */
    SqlReader param(String name, @Nullable Object value);

    /** Says that the statement reads a table whose changes shall not run the query again. */
    SqlReader ignoring(String table);

    /** Shows the statement rows of every organization. It must choose by itself what its caller may see. */
    SqlReader acrossOrganizations();

    /**
     * All rows.
     *
     * @throws LiveProblem when there are more than 32,000
     */
    List<Row> rows();

    /** The first row. */
    Optional<Row> first();
}
