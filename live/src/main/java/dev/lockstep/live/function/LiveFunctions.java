package dev.lockstep.live.function;

import dev.lockstep.live.wire.FunctionPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** All live functions of an application by name. Immutable; a name that is not in it cannot be reached. */
public final class LiveFunctions {
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z][A-Za-z0-9_]*(/[A-Za-z][A-Za-z0-9_]*)*:[A-Za-z][A-Za-z0-9_]*");

    private final Map<FunctionPath, Entry<LiveQuery>> queries;
    private final Map<FunctionPath, Entry<LiveMutation>> mutations;

    private LiveFunctions(Builder builder) {
        this.queries = Map.copyOf(builder.queries);
        this.mutations = Map.copyOf(builder.mutations);
    }

    /** Starts an empty list. */
    public static Builder builder() {
        return new Builder();
    }

    Optional<Entry<LiveQuery>> query(FunctionPath path) {
        return Optional.ofNullable(queries.get(path));
    }

    Optional<Entry<LiveMutation>> mutation(FunctionPath path) {
        return Optional.ofNullable(mutations.get(path));
    }

    /**
     * One registered function.
     *
     * @param open whether browsers may call it
     */
    record Entry<F>(F function, List<ArgField> fields, boolean open) {}

    /** Collects functions; the names are {@code module:function}, modules may have folders. */
    public static final class Builder {
        private final Map<FunctionPath, Entry<LiveQuery>> queries = new HashMap<>();
        private final Map<FunctionPath, Entry<LiveMutation>> mutations = new HashMap<>();

        private Builder() {}

        /** Adds a query that browsers may follow; without fields it takes no arguments. */
        public Builder query(String path, LiveQuery query, ArgField... fields) {
            queries.put(fresh(path), new Entry<>(query, List.of(fields), true));
            return this;
        }

        /** Adds a mutation that browsers may call; without fields it takes no arguments. */
        public Builder mutation(String path, LiveMutation mutation, ArgField... fields) {
            mutations.put(fresh(path), new Entry<>(mutation, List.of(fields), true));
            return this;
        }

        /** Adds a query that only other functions may call. */
        public Builder internalQuery(String path, LiveQuery query, ArgField... fields) {
            queries.put(fresh(path), new Entry<>(query, List.of(fields), false));
            return this;
        }

        /** Adds a mutation that only other functions may call. */
        public Builder internalMutation(String path, LiveMutation mutation, ArgField... fields) {
            mutations.put(fresh(path), new Entry<>(mutation, List.of(fields), false));
            return this;
        }

        /** Finishes the list. */
        public LiveFunctions build() {
            return new LiveFunctions(this);
        }

        private FunctionPath fresh(String written) {
            if (!NAME.matcher(written).matches()) {
                throw new LiveProblem(
                        LiveProblem.Code.LIVE_FUNCTION_NAME,
                        "'" + written + "' is not a function name; write module:function");
            }
            FunctionPath path = FunctionPath.of(written);
            if (queries.containsKey(path) || mutations.containsKey(path)) {
                throw new LiveProblem(
                        LiveProblem.Code.LIVE_FUNCTION_NAME, "Two functions are named '" + path + "'; rename one");
            }
            return path;
        }
    }
}
