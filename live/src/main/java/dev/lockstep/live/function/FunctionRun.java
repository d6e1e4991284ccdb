package dev.lockstep.live.function;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.live.wire.WireValues;
import dev.lockstep.store.Tx;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One function on its way through, and what it has looked at so far. Queries get it as their context, mutations too. */
final class FunctionRun implements MutationContext {
    private static final String PAGE = "paginationOpts";

    private final LiveFunctions functions;
    private final WatchedTables watched;
    private final Tx tx;
    private final Caller caller;
    private final Instant now;
    private final OrganizationWall.@Nullable Gate gate;
    private final Pages pages;
    private final Set<Dependency> readSet = new HashSet<>();
    private boolean callerUsed;
    /** Of the function that runs now, which may have been called by another. */
    private Scope scope = new Scope("", Map.of(), false);

    private record Scope(String path, Map<String, @Nullable Object> args, boolean everyOrganization) {}

    /** The run of a mutation. */
    FunctionRun(LiveFunctions functions, WatchedTables watched, Tx tx, Caller caller, Instant now) {
        this(functions, watched, tx, caller, now, null);
    }

    /** The run of a query, which reads through the wall, with the journal of an earlier answer if there was one. */
    static FunctionRun query(
            LiveFunctions functions,
            WatchedTables watched,
            Tx tx,
            Caller caller,
            Instant now,
            @Nullable String journal) {
        return new FunctionRun(functions, watched, tx, caller, now, new Reads(functions.wall().new Gate(tx), journal));
    }

    private record Reads(
            OrganizationWall.Gate gate, @Nullable String journal) {}

    private FunctionRun(
            LiveFunctions functions, WatchedTables watched, Tx tx, Caller caller, Instant now, @Nullable Reads reads) {
        this.functions = functions;
        this.watched = watched;
        this.tx = tx;
        this.caller = caller;
        this.now = now;
        this.gate = reads == null ? null : reads.gate;
        this.pages = new Pages(functions.cursors(), this::purpose, reads == null ? null : reads.journal);
    }

    Set<Dependency> readSet() {
        return readSet;
    }

    boolean callerUsed() {
        return callerUsed;
    }

    @Nullable
    String journal() {
        return pages.journal();
    }

    /** Runs a function as what it was registered as. */
    @Nullable
    Object within(String path, Args args, boolean everyOrganization, Body body) {
        Scope around = scope;
        scope = new Scope(path, args.toMap(), everyOrganization);
        try {
            return body.run();
        } finally {
            scope = around;
        }
    }

    /** What a function does. */
    interface Body {
        @Nullable
        Object run();
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
    public TableReader<Row> table(String name) {
        return new TableRead<>(new Reading(), Source.untyped(name), scope.everyOrganization);
    }

    @Override
    public <R extends Record> TableReader<R> table(LiveTable<R> table) {
        return new TableRead<>(new Reading(), table.source(), scope.everyOrganization);
    }

    @Override
    public SqlReader sql(List<Dependency> dependencies, String text) {
        boolean owned = false;
        for (Dependency dependency : dependencies) {
            owned |= watched.require(tx, dependency.table()).columns().containsKey(WatchedTables.ORGANIZATION);
        }
        readSet.addAll(dependencies);
        return new Statement(new Reading(), new Statement.Text(text, dependencies, owned), functions.sqlCheck());
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

    /** What a cursor is good for: not the page that is asked for, and the caller only if it mattered so far. */
    private String purpose() {
        Map<String, @Nullable Object> others = new TreeMap<>(scope.args);
        others.remove(PAGE);
        return scope.path + "\n" + WireValues.encode(others) + "\n" + (callerUsed ? Callers.name(caller) : "");
    }

    /** What readers may do to the run. */
    private final class Reading implements TableRead.Reading {
        @Override
        public WatchedTables watched() {
            return watched;
        }

        @Override
        public Tx tx() {
            return tx;
        }

        @Override
        public String organization() {
            return Callers.organization(caller()).map(OrganizationId::value).orElseThrow(() -> Callers.outside(caller));
        }

        @Override
        public void enter(boolean owned, boolean everyOrganization) {
            if (gate == null) {
                return;
            }
            if (everyOrganization || scope.everyOrganization) {
                gate.enter(OrganizationWall.EVERY);
            } else if (owned) {
                gate.enter(Callers.organization(caller())
                        .map(OrganizationId::value)
                        .orElse(""));
            } else {
                gate.enter("");
            }
        }

        @Override
        public void read(Dependency dependency) {
            readSet.add(dependency);
        }

        @Override
        public Pages pages() {
            return pages;
        }
    }
}
