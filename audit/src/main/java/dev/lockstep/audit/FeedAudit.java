package dev.lockstep.audit;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Change;
import dev.lockstep.store.feed.DurableConsumer;
import dev.lockstep.store.feed.DurableReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Records every changed row of the mirror and of the application, exactly once, whoever changed it. It knows which row
 * and which transaction, not which person and which fields: explicit records through {@link Audit} say that.
 * Notifications are left out; their rows are deliveries, not acts.
 */
public final class FeedAudit implements DurableConsumer {
    private static final String NAME = "audit";
    /** The feed cannot know who wrote. */
    private static final String ACTOR = "database";

    private final AuditChain chain;

    public FeedAudit(AuditChain chain) {
        this.chain = chain;
    }

    /** The reader that feeds this; still to be started and added to the node's feed. */
    public DurableReader reader(Database database) {
        return new DurableReader(database, NAME, DurableReader.Start.OLDEST, this);
    }

    @Override
    public void consume(Tx tx, List<Change> changes) {
        chain.append(
                tx,
                changes.stream()
                        .filter(FeedAudit::isAudited)
                        .map(FeedAudit::event)
                        .toList());
    }

    private static boolean isAudited(Change change) {
        String table = change.table();
        return (table.startsWith("workos.") || table.startsWith("app.")) && !table.equals("app.notifications");
    }

    private static AuditEvent event(Change change) {
        Map<String, String> details = new TreeMap<>(ids(change.oldKey()));
        details.putAll(ids(change.newKey()));
        String id = Stream.of("id", "account_id", "organization_id")
                .map(details::get)
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElse("*");
        OrganizationId organization = organization(change.table(), details);
        details.put("change", Long.toString(change.id()));
        details.put("transaction", Long.toString(change.xid()));
        return new AuditEvent(ACTOR, null, organization, action(change), change.table() + ":" + id, details);
    }

    private static String action(Change change) {
        String plural = change.table().substring(change.table().indexOf('.') + 1);
        String singular = plural.endsWith("s") ? plural.substring(0, plural.length() - 1) : plural;
        return switch (change.op()) {
            case INSERT -> singular + ".added";
            case UPDATE -> singular + ".changed";
            case DELETE -> singular + ".removed";
            case TRUNCATE -> plural + ".emptied";
        };
    }

    private static @Nullable OrganizationId organization(String table, Map<String, String> ids) {
        String own = table.equals("workos.organizations") ? ids.get("id") : null;
        return Optional.ofNullable(own)
                .or(() -> Optional.ofNullable(ids.get("organization_id")))
                .map(OrganizationId::new)
                .orElse(null);
    }

    /** Only columns that hold ids: a key may also be an e-mail address, which must not come here. */
    private static Map<String, String> ids(Map<String, JsonNode> key) {
        Map<String, String> ids = new TreeMap<>();
        key.forEach((column, value) -> {
            if ((column.equals("id") || column.endsWith("_id")) && value.isValueNode() && !value.isNull()) {
                ids.put(column, value.asString());
            }
        });
        return ids;
    }
}
