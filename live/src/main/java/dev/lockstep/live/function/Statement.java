package dev.lockstep.live.function;

import dev.lockstep.live.subscription.Dependency;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A statement of a function's own, with what it declares to read. */
final class Statement implements SqlReader {
    private static final RowReader ROWS = new RowReader();

    private final TableRead.Reading reading;
    private final Text text;
    private final @Nullable SqlCheck check;
    private final Map<String, @Nullable Object> params = new LinkedHashMap<>();
    private final Set<String> leftOut = new HashSet<>();
    private boolean everyOrganization;

    /**
     * What it says.
     *
     * @param owned whether a table in it belongs to organizations
     */
    record Text(String sql, List<Dependency> dependencies, boolean owned) {}

    Statement(TableRead.Reading reading, Text text, @Nullable SqlCheck check) {
        this.reading = reading;
        this.text = text;
        this.check = check;
    }

    @Override
    public SqlReader param(String name, @Nullable Object value) {
        params.put(name, value);
        return this;
    }

    @Override
    public SqlReader ignoring(String table) {
        leftOut.add(table);
        return this;
    }

    @Override
    public SqlReader acrossOrganizations() {
        everyOrganization = true;
        return this;
    }

    @Override
    public List<Row> rows() {
        reading.enter(text.owned, everyOrganization);
        if (check != null && check.isNew(text.sql)) {
            check.check(bound("EXPLAIN (VERBOSE, FORMAT JSON) " + text.sql), text.dependencies, leftOut);
        }
        List<Row> rows =
                bound(text.sql).withMaxRows(RangeRead.MOST_ROWS + 1).query(ROWS).list();
        if (rows.size() > RangeRead.MOST_ROWS) {
            throw new LiveProblem(
                    LiveProblem.Code.LIVE_TOO_MANY_ROWS,
                    "A statement returned more than " + RangeRead.MOST_ROWS + " rows");
        }
        return rows;
    }

    private JdbcClient.StatementSpec bound(String statement) {
        JdbcClient.StatementSpec spec = reading.tx().sql(statement);
        for (Map.Entry<String, @Nullable Object> param : params.entrySet()) {
            spec = spec.param(param.getKey(), param.getValue());
        }
        return spec;
    }

    @Override
    public Optional<Row> first() {
        return rows().stream().findFirst();
    }
}
