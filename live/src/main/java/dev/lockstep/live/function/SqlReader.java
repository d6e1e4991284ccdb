package dev.lockstep.live.function;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One SELECT on its way to the database. */
public interface SqlReader {
    /** Binds a named parameter. */
    SqlReader param(String name, @Nullable Object value);

    /** All rows. */
    List<Row> rows();

    /** The first row. */
    Optional<Row> first();
}
