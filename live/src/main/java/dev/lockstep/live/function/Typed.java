package dev.lockstep.live.function;

import dev.lockstep.live.shape.Mismatch;
import dev.lockstep.live.shape.RecordShape;
import dev.lockstep.live.shape.Scalar;
import dev.lockstep.live.shape.Shape;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Carries a call between plain values and records. */
final class Typed {
    private Typed() {}

    static <A> @Nullable Object call(
            RecordShape shape,
            Class<A> type,
            Shape result,
            Args args,
            Function<A, ? extends @Nullable Object> function) {
        return written(result, function.apply(read(shape, type, args)));
    }

    static <A> A read(RecordShape shape, Class<A> type, Args args) {
        try {
            return type.cast(Objects.requireNonNull(shape.read(args.toMap(), "")));
        } catch (Mismatch e) {
            throw new ArgumentRefused(String.valueOf(e.getMessage()));
        }
    }

    static @Nullable Object written(Shape result, @Nullable Object value) {
        return result == Scalar.ANY ? value : result.write(value, "result");
    }
}
