package dev.lockstep.live.function;

import dev.lockstep.live.shape.RecordShape;
import dev.lockstep.live.shape.Scalar;
import dev.lockstep.live.shape.Shape;
import dev.lockstep.live.wire.FunctionPath;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The functions that browsers may call, and those that only these may use. Immutable; a name that is not in it cannot be reached. */
public final class LiveFunctions {
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z][A-Za-z0-9_]*(/[A-Za-z][A-Za-z0-9_]*)*:[A-Za-z][A-Za-z0-9_]*");
    private static final int SECRET_BYTES = 32;

    private final Map<FunctionPath, Entry<QueryFunction>> queries;
    private final Map<FunctionPath, Entry<MutationFunction>> mutations;
    private final Map<FunctionPath, Entry<ActionFunction>> actions;
    private final CursorSealer cursors;
    private final OrganizationWall wall = new OrganizationWall();
    private final @Nullable SqlCheck sqlCheck;
    private final FunctionObserver observer;

    private LiveFunctions(Builder builder) {
        Observed observed = new Observed(builder.observer);
        this.observer = builder.observer;
        this.queries = with(builder.queries, observed::query);
        this.mutations = with(builder.mutations, observed::mutation);
        this.actions = with(builder.actions, observed::action);
        this.cursors = new CursorSealer(builder.secrets);
        this.sqlCheck = builder.checksSql ? new SqlCheck() : null;
    }

    private static <F> Map<FunctionPath, Entry<F>> with(
            Map<FunctionPath, Entry<F>> entries, BiFunction<String, F, F> around) {
        Map<FunctionPath, Entry<F>> all = new HashMap<>();
        entries.forEach((path, entry) -> all.put(
                path,
                new Entry<>(
                        around.apply(path.value(), entry.function()), entry.fields(), entry.result(), entry.open())));
        return Map.copyOf(all);
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

    CursorSealer cursors() {
        return cursors;
    }

    OrganizationWall wall() {
        return wall;
    }

    FunctionObserver observer() {
        return observer;
    }

    @Nullable
    SqlCheck sqlCheck() {
        return sqlCheck;
    }

    /** What browsers may call, sorted by name. */
    public List<Signature> signatures() {
        Map<String, Signature> sorted = new TreeMap<>();
        queries.forEach((path, entry) -> sorted.put(path.value(), entry.signature(path, Kind.QUERY)));
        mutations.forEach((path, entry) -> sorted.put(path.value(), entry.signature(path, Kind.MUTATION)));
        actions.forEach((path, entry) -> sorted.put(path.value(), entry.signature(path, Kind.ACTION)));
        return sorted.values().stream().filter(Signature::open).toList();
    }

    /** What a function is. */
    public enum Kind {
        QUERY,
        MUTATION,
        ACTION
    }

    /**
     * A function as others see it.
     *
     * @param open whether browsers may call it
     */
    public record Signature(String path, Kind kind, List<Shape.Field> arguments, Shape result, boolean open) {}

    /**
     * One registered function.
     *
     * @param open whether browsers may call it
     */
    record Entry<F>(F function, List<Shape.Field> fields, Shape result, boolean open) {
        Signature signature(FunctionPath path, Kind kind) {
            return new Signature(path.value(), kind, fields, result, open);
        }
    }

    /** Collects functions; the names are {@code module:function}, modules may have folders. */
    public static final class Builder {
        private final Map<FunctionPath, Entry<QueryFunction>> queries = new HashMap<>();
        private final Map<FunctionPath, Entry<MutationFunction>> mutations = new HashMap<>();
        private final Map<FunctionPath, Entry<ActionFunction>> actions = new HashMap<>();
        private List<byte[]> secrets;
        private boolean checksSql;
        private FunctionObserver observer = FunctionObserver.NONE;

        private Builder() {
            byte[] own = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(own);
            this.secrets = List.of(own);
        }

        /**
         * Sets the secrets that cursors are sealed with: the first seals, all open. Without them this process draws its
         * own, and a page in use begins anew when its browser lands on another node.
         */
        public Builder cursorSecrets(List<byte[]> shared) {
            if (shared.isEmpty() || shared.stream().anyMatch(secret -> secret.length < SECRET_BYTES / 2)) {
                throw new IllegalArgumentException("A cursor secret has at least 16 bytes");
            }
            secrets = shared.stream().map(byte[]::clone).toList();
            return this;
        }

        /** Tells how each run ends. */
        public Builder observedBy(FunctionObserver watching) {
            observer = watching;
            return this;
        }

        /** Plans each statement once more and fails when it reads a table that it does not declare. For tests. */
        public Builder checkingSql() {
            checksSql = true;
            return this;
        }

        /** Adds the methods of an object that carry {@link LiveQuery}, {@link LiveMutation} or {@link LiveAction}. */
        public Builder add(Object functions) {
            return add(functions, functions.getClass());
        }

        /** The same, with the annotations of this class; for objects behind a proxy. */
        public Builder add(Object functions, Class<?> annotated) {
            AnnotatedFunctions.addTo(this, functions, annotated);
            return this;
        }

        /** Describes the annotated methods of a class without an object that could run them. */
        public Builder describe(Class<?> annotated) {
            AnnotatedFunctions.addTo(this, null, annotated);
            return this;
        }

        /** Adds a query that takes and returns records. */
        public <A extends Record> Builder query(
                String path,
                Class<A> arguments,
                Shape result,
                BiFunction<QueryContext, A, ? extends @Nullable Object> query,
                Access... access) {
            RecordShape shape = record(arguments);
            return query(
                    path,
                    (context, args) -> Typed.call(shape, arguments, result, args, typed -> query.apply(context, typed)),
                    shape.fields(),
                    result,
                    Set.of(access));
        }

        /** Adds a mutation that takes and returns records. */
        public <A extends Record> Builder mutation(
                String path,
                Class<A> arguments,
                Shape result,
                BiFunction<MutationContext, A, ? extends @Nullable Object> mutation,
                Access... access) {
            RecordShape shape = record(arguments);
            return mutation(
                    path,
                    (context, args) ->
                            Typed.call(shape, arguments, result, args, typed -> mutation.apply(context, typed)),
                    shape.fields(),
                    result,
                    Set.of(access));
        }

        /** Adds an action that takes and returns records. */
        public <A extends Record> Builder action(
                String path,
                Class<A> arguments,
                Shape result,
                BiFunction<ActionContext, A, ? extends @Nullable Object> action,
                Access... access) {
            RecordShape shape = record(arguments);
            return action(
                    path,
                    (context, args) ->
                            Typed.call(shape, arguments, result, args, typed -> action.apply(context, typed)),
                    shape.fields(),
                    result,
                    Set.of(access));
        }

        /** Adds a query that browsers may follow; without fields it takes no arguments. */
        public Builder query(String path, QueryFunction query, ArgField... fields) {
            return query(path, query, fields(fields), Scalar.ANY, Set.of());
        }

        /** Adds a mutation that browsers may call; without fields it takes no arguments. */
        public Builder mutation(String path, MutationFunction mutation, ArgField... fields) {
            return mutation(path, mutation, fields(fields), Scalar.ANY, Set.of());
        }

        /** Adds an action that browsers may call; without fields it takes no arguments. */
        public Builder action(String path, ActionFunction action, ArgField... fields) {
            return action(path, action, fields(fields), Scalar.ANY, Set.of());
        }

        /** Adds a query that only other functions may call. */
        public Builder internalQuery(String path, QueryFunction query, ArgField... fields) {
            return query(path, query, fields(fields), Scalar.ANY, Set.of(Access.INTERNAL));
        }

        /** Adds a mutation that only other functions may call. */
        public Builder internalMutation(String path, MutationFunction mutation, ArgField... fields) {
            return mutation(path, mutation, fields(fields), Scalar.ANY, Set.of(Access.INTERNAL));
        }

        Builder query(String path, QueryFunction query, List<Shape.Field> fields, Shape result, Set<Access> access) {
            boolean everyOrganization = access.contains(Access.ACROSS_ORGANIZATIONS);
            QueryFunction scoped = (context, args) -> context instanceof FunctionRun run
                    ? run.within(path, args, everyOrganization, () -> query.run(run, args))
                    : query.run(context, args);
            queries.put(fresh(path), new Entry<>(scoped, fields, result, !access.contains(Access.INTERNAL)));
            return this;
        }

        Builder mutation(
                String path, MutationFunction mutation, List<Shape.Field> fields, Shape result, Set<Access> access) {
            boolean everyOrganization = access.contains(Access.ACROSS_ORGANIZATIONS);
            MutationFunction scoped = (context, args) -> context instanceof FunctionRun run
                    ? run.within(path, args, everyOrganization, () -> mutation.run(run, args))
                    : mutation.run(context, args);
            mutations.put(fresh(path), new Entry<>(scoped, fields, result, !access.contains(Access.INTERNAL)));
            return this;
        }

        Builder action(String path, ActionFunction action, List<Shape.Field> fields, Shape result, Set<Access> access) {
            actions.put(fresh(path), new Entry<>(action, fields, result, !access.contains(Access.INTERNAL)));
            return this;
        }

        /** Finishes the list. */
        public LiveFunctions build() {
            return new LiveFunctions(this);
        }

        private static List<Shape.Field> fields(ArgField... fields) {
            return new ArrayList<>(Arrays.stream(fields).map(ArgField::field).toList());
        }

        static RecordShape record(Class<? extends Record> type) {
            return (RecordShape) Shape.of(type);
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
