package dev.lockstep.live.function;

import java.util.Optional;

/**
 * Reads rows of one watched table by its indexes, and remembers what was looked at: rows, and the gaps where none were. A
 * table with an organization's column is read only for the organization of the caller; without one the read is refused.
 *
 * @param <T> what a row is read as
 */
public interface TableReader<T> {

    /** The row with this primary key, its parts in their order. */
    Optional<T> get(Object... key);

    /**
     * Chooses an index that the {@link LiveTable} declares, or a single column.
     *
     * @param name best of columns that the table's change rows carry, else every change of the table makes the answer stale
     */
    Range<T> index(String name);

    /** The same table for rows of every organization. The function must choose by itself what its caller may see. */
    TableReader<T> acrossOrganizations();
}
