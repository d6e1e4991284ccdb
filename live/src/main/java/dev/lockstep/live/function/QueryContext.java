package dev.lockstep.live.function;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.subscription.Dependency;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a function may see while it runs. Everything read through it is remembered, so that the query runs again when it
 * changes. Valid only while the function runs, on the thread it runs on.
 */
public interface QueryContext {

    /** Who asks. Looking makes the answer belong to this caller alone; a query that never looks is shared by all. */
    Caller caller();

    /**
     * Reads a watched table by one of its indexed columns.
     *
     * @param name qualified, such as {@code app.profiles}
     */
    TableReader<Row> table(String name);

    /** Reads a described table; its rows come as records. */
    <R extends Record> TableReader<R> table(LiveTable<R> table);

    /**
     * Reads by SQL of one's own.
     *
     * @param dependencies all that the statement reads, tables under views included; not checked against the statement
     * @param text one SELECT with named parameters ({@code :name})
     */
    SqlReader sql(List<Dependency> dependencies, String text);

    /**
     * Runs another query, public or internal, as part of this one.
     *
     * @param path its name
     * @param args its arguments, checked as if they came from a browser
     */
    @Nullable
    Object query(String path, Map<String, ?> args);
}
