package dev.lockstep.starter;

import dev.lockstep.store.feed.Change;
import dev.lockstep.store.feed.FeedListener;
import dev.lockstep.store.feed.Tick;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import tools.jackson.databind.JsonNode;

/**
 * Says in the log which rows of the mirror and which profiles have changed, by whatever way they came: one line for each
 * table and step of the feed, with ids while there are few of them. Every node says what it has seen.
 */
final class RowLines implements FeedListener {
    private static final Logger LOG = LoggerFactory.getLogger(RowLines.class);
    private static final int FEW = 5;
    private static final String MIRROR = "workos.";
    private static final String PROFILES = "app.profiles";
    /** Written for every event beside what it changed. */
    private static final List<String> LOGS = List.of("workos.event_log", "workos.authentication_events");

    @Override
    public void onTick(Tick tick) {
        if (!LOG.isInfoEnabled() || tick.changes().isEmpty()) {
            return;
        }
        Map<String, Rows> tables = new TreeMap<>();
        tick.changes().stream()
                .filter(change -> isTold(change.table()))
                .forEach(change -> tables.computeIfAbsent(change.table(), table -> new Rows())
                        .add(change));
        tables.forEach((table, rows) -> rows.line(table).write(LOG, Level.INFO));
    }

    private static boolean isTold(String table) {
        return table.equals(PROFILES) || (table.startsWith(MIRROR) && !LOGS.contains(table));
    }

    @Override
    public void onGap() {
        LogLine.of("sync.rows.unlisted").with("reason", "gap in the feed").write(LOG, Level.WARN);
    }

    /** What one step changed in one table. */
    private static final class Rows {
        private final Map<Change.Op, Integer> counts = new EnumMap<>(Change.Op.class);
        private final List<String> ids = new ArrayList<>();
        private int count;

        void add(Change change) {
            count++;
            counts.merge(change.op(), 1, Integer::sum);
            if (ids.size() < FEW) {
                id(change).filter(id -> !ids.contains(id)).ifPresent(ids::add);
            }
        }

        LogLine line(String table) {
            LogLine line = table.equals(PROFILES)
                    ? LogLine.of("profile.changed")
                    : LogLine.of("sync.rows.changed").with("table", table.substring(MIRROR.length()));
            line.with("added", counts.get(Change.Op.INSERT))
                    .with("changed", counts.get(Change.Op.UPDATE))
                    .with("removed", counts.get(Change.Op.DELETE))
                    .with("emptied", counts.get(Change.Op.TRUNCATE));
            return count > FEW || ids.isEmpty() ? line : line.with("ids", String.join(",", ids));
        }

        /** Only columns that hold ids: a key may also be an e-mail address, which must not come here. */
        private static Optional<String> id(Change change) {
            Map<String, JsonNode> key = change.newKey().isEmpty() ? change.oldKey() : change.newKey();
            return Optional.ofNullable(key.get(change.table().equals(PROFILES) ? "workos_user_id" : "id"))
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue);
        }
    }
}
