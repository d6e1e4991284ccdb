package dev.lockstep.live.function;

import dev.lockstep.live.shape.Mismatch;
import dev.lockstep.live.shape.RecordShape;
import dev.lockstep.live.shape.Shape;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes records of rows. Shapes are kept per class, and go with it. */
final class RecordRows {
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return (RecordShape) Shape.of(type);
        }
    };

    private RecordRows() {}

    static <R extends Record> R read(Row row, Class<R> type) {
        RecordShape shape = SHAPES.get(type);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Shape.Field field : shape.fields()) {
            String column = row.has(field.name()) ? field.name() : column(field.name());
            values.put(field.name(), row.value(column));
        }
        try {
            return type.cast(Objects.requireNonNull(shape.read(values, "")));
        } catch (Mismatch e) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_ROW_MISREAD,
                    "A row is not a " + type.getSimpleName() + ": " + e.getMessage());
        }
    }

    /** The column of a component. */
    static String column(String component) {
        return component.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
