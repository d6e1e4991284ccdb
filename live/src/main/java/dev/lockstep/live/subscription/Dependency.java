package dev.lockstep.live.subscription;

/**
 * Something an answer was read from. A change that touches it makes the answer stale; so it counts too when nothing was
 * found there.
 */
public sealed interface Dependency permits Dependency.WholeTable, Dependency.Point, Stretch {
    /** The qualified name of the table, such as {@code app.profiles}. */
    String table();

    /** Any row of a table. */
    record WholeTable(String table) implements Dependency {}

    /**
     * The rows with one value in one column, existing or not.
     *
     * @param column one of the columns that the table's change rows carry
     * @param value the value as text, the way PostgreSQL writes it in JSON
     */
    record Point(String table, String column, String value) implements Dependency {
        @Override
        public String toString() {
            return "Point[" + table + "." + column + "]";
        }
    }

    /** Any row of the table. */
    static Dependency table(String table) {
        return new WholeTable(table);
    }

    /** The rows of the table with this value in this column. */
    static Dependency key(String table, String column, String value) {
        return new Point(table, column, value);
    }
}
