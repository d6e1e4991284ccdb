package dev.lockstep.live.function;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Turns a row of the database into plain values. */
final class RowReader implements RowMapper<Row> {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public Row mapRow(ResultSet rs, int rowNum) throws SQLException {
        ResultSetMetaData meta = rs.getMetaData();
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            columns.put(meta.getColumnLabel(i), column(rs, i, meta.getColumnTypeName(i)));
        }
        return new Row(columns);
    }

    private static @Nullable Object column(ResultSet rs, int i, String type) throws SQLException {
        Object value = switch (type) {
            case "bool" -> rs.getBoolean(i);
            case "int2", "int4", "float4", "float8", "serial" -> rs.getDouble(i);
            case "int8", "bigserial" -> rs.getLong(i);
            case "timestamptz" -> moment(rs.getObject(i, OffsetDateTime.class));
            case "json", "jsonb" -> json(rs.getString(i));
            case "bytea" -> rs.getBytes(i);
            default -> type.startsWith("_") ? list(rs.getArray(i)) : rs.getString(i);
        };
        return rs.wasNull() ? null : value;
    }

    private static @Nullable String moment(@Nullable OffsetDateTime at) {
        return at == null ? null : at.toInstant().toString();
    }

    private static @Nullable Object json(@Nullable String text) {
        return text == null ? null : plain(JSON.readTree(text));
    }

    private static @Nullable Object plain(JsonNode json) {
        return switch (json.getNodeType()) {
            case NULL, MISSING -> null;
            case BOOLEAN -> json.booleanValue();
            case NUMBER -> json.doubleValue();
            case STRING -> json.stringValue();
            case ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>(json.size());
                json.forEach(element -> list.add(plain(element)));
                yield Collections.unmodifiableList(list);
            }
            case OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                json.properties().forEach(field -> map.put(field.getKey(), plain(field.getValue())));
                yield Collections.unmodifiableMap(map);
            }
            case BINARY, POJO -> throw unusable(json.getNodeType().name());
        };
    }

    private static @Nullable List<@Nullable Object> list(@Nullable Array array) throws SQLException {
        if (array == null) {
            return null;
        }
        List<@Nullable Object> list = new ArrayList<>();
        for (Object element : (@Nullable Object[]) array.getArray()) {
            list.add(element(element));
        }
        return Collections.unmodifiableList(list);
    }

    private static @Nullable Object element(@Nullable Object element) {
        return switch (element) {
            case null -> null;
            case String text -> text;
            case Boolean flag -> flag;
            case Long number -> number;
            case Short number -> number.doubleValue();
            case Integer number -> number.doubleValue();
            case Float number -> number.doubleValue();
            case Double number -> number;
            case UUID id -> id.toString();
            default -> throw unusable(element.getClass().getName());
        };
    }

    private static LiveProblem unusable(String type) {
        return new LiveProblem(
                LiveProblem.Code.LIVE_ROW_UNUSABLE,
                "A column holds " + type + ", which cannot be sent; cast it in the statement, to text for instance");
    }
}
