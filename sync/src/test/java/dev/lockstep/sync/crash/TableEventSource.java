package dev.lockstep.sync.crash;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.sync.tail.EventSource;
import dev.lockstep.workos.event.EventsApi.Start;
import java.time.OffsetDateTime;
import java.util.List;

/** An Events API that outlives every node: a table, in pages of seven. */
final class TableEventSource implements EventSource {
    private static final int PAGE = 7;
    private static final String READ = """
            SELECT id, at, body FROM proof.workos WHERE seq > coalesce(
              (SELECT seq FROM proof.workos WHERE id = :after), 0)
            ORDER BY seq LIMIT :limit
            """;

    private final Database database;

    TableEventSource(Database database) {
        this.database = database;
    }

    @Override
    public Page page(Start start) {
        String after = start instanceof Start.After(EventId id) ? id.value() : "";
        List<Item> items = database.read(tx -> tx.sql(READ)
                .param("after", after)
                .param("limit", PAGE)
                .query((row, number) -> new Item(
                        row.getBytes("body"),
                        new EventId(row.getString("id")),
                        row.getObject("at", OffsetDateTime.class).toInstant()))
                .list());
        return new Page(items, items.isEmpty() ? null : items.getLast().id(), items.size() == PAGE, null);
    }
}
