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

    private final Map<FunctionPath, Entry<QueryFunction>> queries;
    private final Map<FunctionPath, Entry<MutationFunction>> mutations;
    private final Map<FunctionPath, Entry<ActionFunction>> actions;

    private LiveFunctions(Builder builder) {
        this.queries = Map.copyOf(builder.queries);
        this.mutations = Map.copyOf(builder.mutations);
        this.actions = Map.copyOf(builder.actions);
    }

    /** Starts an empty list. */
    public static Builder builder() {
        return new Builder();
    }

    Optional<Entry<QueryFunction>> query(FunctionPath path) {
        return Optional.ofNullable(queries.get(path));
    }

    Optional<Entry<MutationFunction>> mutation(FunctionPath path) {
        return Optional.ofNullable(mutations.get(path));
    }

    Optional<Entry<ActionFunction>> action(FunctionPath path) {
        return Optional.ofNullable(actions.get(path));
    }

    /**
     * One registered function.
     *
     * @param open whether browsers may call it
     */
    record Entry<F>(F function, List<ArgField> fields, boolean open) {}

    /** Collects functions; the names are {@code module:function}, modules may have folders. */
    public static final class Builder {
        private final Map<FunctionPath, Entry<QueryFunction>> queries = new HashMap<>();
        private final Map<FunctionPath, Entry<MutationFunction>> mutations = new HashMap<>();
        private final Map<FunctionPath, Entry<ActionFunction>> actions = new HashMap<>();

        private Builder() {}

        /** Adds a query that browsers may follow; without fields it takes no arguments. */
        public Builder query(String path, QueryFunction query, ArgField... fields) {
            queries.put(fresh(path), new Entry<>(query, List.of(fields), true));
            return this;
        }

        /** Adds a mutation that browsers may call; without fields it takes no arguments. */
        public Builder mutation(String path, MutationFunction mutation, ArgField... fields) {
            mutations.put(fresh(path), new Entry<>(mutation, List.of(fields), true));
            return this;
        }

        /** Adds an action that browsers may call; without fields it takes no arguments. */
        public Builder action(String path, ActionFunction action, ArgField... fields) {
            actions.put(fresh(path), new Entry<>(action, List.of(fields), true));
            return this;
        }

        /** Adds a query that only other functions may call. */
        public Builder internalQuery(String path, QueryFunction query, ArgField... fields) {
            queries.put(fresh(path), new Entry<>(query, List.of(fields), false));
            return this;
        }

        /** Adds a mutation that only other functions may call. */
        public Builder internalMutation(String path, MutationFunction mutation, ArgField... fields) {
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
            if (queries.containsKey(path) || mutations.containsKey(path) || actions.containsKey(path)) {
                throw new LiveProblem(
                        LiveProblem.Code.LIVE_FUNCTION_NAME, "Two functions are named '" + path + "'; rename one");
            }
            return path;
        }
    }
}
