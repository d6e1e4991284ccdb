package dev.lockstep.live.function;

import dev.lockstep.live.function.FunctionObserver.End;
import dev.lockstep.live.function.LiveFunctions.Kind;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells an observer how each run of a function ends and how long it took. */
record Observed(FunctionObserver observer) {

    QueryFunction query(String path, QueryFunction query) {
        return (context, args) -> run(Kind.QUERY, path, () -> query.run(context, args));
    }

    MutationFunction mutation(String path, MutationFunction mutation) {
        return (context, args) -> run(Kind.MUTATION, path, () -> mutation.run(context, args));
    }

    ActionFunction action(String path, ActionFunction action) {
        return (context, args) -> run(Kind.ACTION, path, () -> action.run(context, args));
    }

    private @Nullable Object run(Kind kind, String path, Supplier<@Nullable Object> function) {
        long begun = System.nanoTime();
        End end = End.FAILED;
        try {
            Object result = function.get();
            end = End.DONE;
            return result;
        } catch (LiveError | ArgumentRefused refused) {
            end = End.REFUSED;
            throw refused;
        } finally {
            observer.ran(kind, path, end, System.nanoTime() - begun);
        }
    }
}
