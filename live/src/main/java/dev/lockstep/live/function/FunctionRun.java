package dev.lockstep.live.function;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.live.wire.WireValues;
import dev.lockstep.store.Tx;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One function on its way through, and what it has looked at so far. Queries get it as their context, mutations too. */
final class FunctionRun implements MutationContext {
    private static final RowReader ROWS = new RowReader();

    private final LiveFunctions functions;
    private final WatchedTables watched;
    private final Tx tx;
    private final Caller caller;
    private final Instant now;
    private final Set<Dependency> readSet = new HashSet<>();
    private boolean callerUsed;

    FunctionRun(LiveFunctions functions, WatchedTables watched, Tx tx, Caller caller, Instant now) {
        this.functions = functions;
        this.watched = watched;
        this.tx = tx;
        this.caller = caller;
        this.now = now;
    }

    Set<Dependency> readSet() {
        return readSet;
    }

    boolean callerUsed() {
        return callerUsed;
    }

    @Override
    public Caller caller() {
        callerUsed = true;
        return caller;
    }

    @Override
    public Tx tx() {
        return tx;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public TableReader table(String name) {
        return column -> {
            String type = watched.lookupType(tx, name, column);
            return value -> new PointRead(name, column, type, WatchedTables.canonical(type, value));
        };
    }

    @Override
    public SqlReader sql(List<Dependency> dependencies, String text) {
        dependencies.forEach(dependency -> watched.require(tx, dependency.table()));
        readSet.addAll(dependencies);
        return new Statement(tx.sql(text));
    }

    @Override
    public @Nullable Object query(String path, Map<String, ?> args) {
        LiveFunctions.Entry<QueryFunction> entry =
                functions.query(FunctionPath.of(path)).orElseThrow(() -> unknown(path));
        return entry.function().run(this, Args.checked(entry.fields(), plain(args)));
    }

    @Override
    public @Nullable Object mutation(String path, Map<String, ?> args) {
        LiveFunctions.Entry<MutationFunction> entry =
                functions.mutation(FunctionPath.of(path)).orElseThrow(() -> unknown(path));
        return entry.function().run(this, Args.checked(entry.fields(), plain(args)));
    }

    /** Brings arguments from Java into the shape that arguments from a browser have. */
    private static Map<String, @Nullable Object> plain(Map<String, ?> args) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        args.forEach((name, value) -> plain.put(name, WireValues.decode(WireValues.encode(value))));
        return plain;
    }

    private static LiveProblem unknown(String path) {
        return new LiveProblem(
                LiveProblem.Code.LIVE_FUNCTION_UNKNOWN, "A function calls '" + path + "', which is not registered");
    }

    private final class PointRead implements TableReader.Match {
        private final String table;
        private final String column;
        private final String type;
        private final String value;

        PointRead(String table, String column, String type, String value) {
            this.table = table;
            this.column = column;
            this.type = type;
            this.value = value;
        }

        @Override
        public Optional<Row> first() {
            return read(1).stream().findFirst();
        }

        @Override
        public Optional<Row> unique() {
            List<Row> rows = read(2);
            if (rows.size() > 1) {
                throw new LiveProblem(
                        LiveProblem.Code.LIVE_NOT_UNIQUE,
                        "Several rows of '" + table + "' have one value in '" + column + "'; use collect()");
            }
            return rows.stream().findFirst();
        }

        @Override
        public List<Row> collect() {
            return read(Integer.MAX_VALUE);
        }

        private List<Row> read(int most) {
            readSet.add(Dependency.key(table, column, value));
            // Both names come from the catalog, and the type is one of seven words.
            String text = "SELECT * FROM " + quoted(table) + " WHERE " + quoted(column) + " = CAST(:value AS " + type
                    + ") LIMIT :most";
            return tx.sql(text)
                    .param("value", value)
                    .param("most", most)
                    .query(ROWS)
                    .list();
        }

        private static String quoted(String name) {
            return "\"" + name.replace("\"", "\"\"").replace(".", "\".\"") + "\"";
        }
    }

    private static final class Statement implements SqlReader {
        private JdbcClient.StatementSpec statement;

        Statement(JdbcClient.StatementSpec statement) {
            this.statement = statement;
        }

        @Override
        public SqlReader param(String name, @Nullable Object value) {
            statement = statement.param(name, value);
            return this;
        }

        @Override
        public List<Row> rows() {
            return statement.query(ROWS).list();
        }

        @Override
        public Optional<Row> first() {
            return rows().stream().findFirst();
        }
    }
}
