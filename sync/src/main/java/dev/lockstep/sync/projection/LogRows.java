package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import dev.lockstep.workos.event.Envelope;
import dev.lockstep.workos.event.LoggedEvent;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Owns {@code workos.authentication_events} and {@code workos.event_log}: the only SQL that writes them. It only adds;
 * an event that is there already stays as it is.
 */
final class LogRows {
    private static final String ADD_AUTHENTICATIONS = """
            INSERT INTO workos.authentication_events
            SELECT * FROM jsonb_populate_recordset(NULL::workos.authentication_events, CAST(:rows AS jsonb))
            ON CONFLICT (event_id) DO NOTHING
            """;
    private static final String ADD_OTHERS = """
            INSERT INTO workos.event_log
            SELECT * FROM jsonb_populate_recordset(NULL::workos.event_log, CAST(:rows AS jsonb))
            ON CONFLICT (event_id) DO NOTHING
            """;
    private static final List<Column> AUTHENTICATION_COLUMNS = List.of(
            text("method", "type"),
            text("status", "status"),
            text("user_id", "user_id"),
            text("email", "email"),
            text("ip_address", "ip_address"),
            text("user_agent", "user_agent"));
    private static final List<String> AUTHENTICATION_PARTS = List.of("error", "sso");
    private static final List<Column> OTHER_COLUMNS = List.of(
            text("object_id", "id", "connection.id"),
            text("organization_id", "organization_id", "connection.organization_id"),
            text("user_id", "user_id"));

    private final ArrayNode authentications = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode others = JsonNodeFactory.instance.arrayNode();

    void add(LoggedEvent event, Writer writer) {
        switch (event.log()) {
            case AUTHENTICATION -> authentications.add(authentication(event.envelope(), writer));
            case GENERAL -> others.add(row(event.envelope(), writer, OTHER_COLUMNS));
        }
    }

    void addAll(LogRows rows) {
        authentications.addAll(rows.authentications);
        others.addAll(rows.others);
    }

    void write(Tx tx) {
        if (!authentications.isEmpty()) {
            tx.sql(ADD_AUTHENTICATIONS)
                    .param("rows", authentications.toString())
                    .update();
        }
        if (!others.isEmpty()) {
            tx.sql(ADD_OTHERS).param("rows", others.toString()).update();
        }
    }

    private static ObjectNode authentication(Envelope envelope, Writer writer) {
        ObjectNode row = row(envelope, writer, AUTHENTICATION_COLUMNS);
        AUTHENTICATION_PARTS.forEach(part -> row.set(part, envelope.data().get(part)));
        return row;
    }

    private static ObjectNode row(Envelope envelope, Writer writer, List<Column> columns) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("event_id", envelope.id().value());
        row.put("type", envelope.type());
        row.put("occurred_at", MirrorRow.time(envelope.createdAt()));
        JsonNode raw = envelope.data();
        columns.forEach(column -> row.put(column.name(), column.text(raw)));
        row.set("raw", raw);
        row.set("context", envelope.context());
        row.put("source", writer.column());
        return row.put("recorded_at", "now");
    }

    private static Column text(String name, String... paths) {
        return new Column(name, Column.Kind.TEXT, List.of(paths));
    }
}
