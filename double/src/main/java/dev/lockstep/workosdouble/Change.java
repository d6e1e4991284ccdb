package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import dev.lockstep.identity.OrganizationId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One change in the making: what it puts is visible to it at once and written to the journal as one line. */
final class Change {
    private final Tables tables;
    private final Ulids ulids;
    private final Instant at;
    private final List<Fact> facts = new ArrayList<>();
    private final List<Delivery> queued = new ArrayList<>();

    Change(Tables tables, Ulids ulids, Instant at) {
        this.tables = tables;
        this.ulids = ulids;
        this.at = at;
    }

    Tables tables() {
        return tables;
    }

    /** The one moment of this change, in whole milliseconds. */
    Instant at() {
        return at;
    }

    String freshId(String prefix) {
        return ulids.next(prefix, at.toEpochMilli());
    }

    void put(Fact fact) {
        tables.apply(fact);
        facts.add(fact);
    }

    /** Keeps the document under the id, in place of what was there. */
    ObjectRecord keep(Kind kind, String id, @Nullable String alias, List<String> owners, ObjectNode document) {
        ObjectRecord object = new ObjectRecord(kind, id, alias, owners, Json.write(document));
        put(new Fact.ObjectPut(object));
        return object;
    }

    /** Replaces the document of an object, stamped with this moment. */
    ObjectRecord rewrite(ObjectRecord old, ObjectNode document) {
        document.put("updated_at", Json.instant(at));
        return keep(old.kind(), old.id(), old.alias(), old.owners(), document);
    }

    void discard(ObjectRecord object) {
        put(new Fact.ObjectGone(object.kind(), object.id()));
    }

    /** A new document: name and id in front, the fields, and both timestamps at the end. */
    ObjectNode document(String object, String id, ObjectNode fields) {
        ObjectNode document = Json.object().put("object", object).put("id", id);
        document.setAll(fields);
        return document.put("created_at", Json.instant(at)).put("updated_at", Json.instant(at));
    }

    void emit(String type, ObjectNode data, @Nullable OrganizationId organization) {
        emit(type, data, organization, null);
    }

    /** Writes the event and, when webhooks are wanted, queues its delivery. */
    void emit(String type, ObjectNode data, @Nullable OrganizationId organization, @Nullable ObjectNode envelope) {
        EventRecord event = new EventRecord(
                new EventId(freshId("event")),
                type,
                Json.write(data),
                organization,
                at,
                envelope == null ? null : Json.write(envelope));
        put(new Fact.EventPut(event));
        if (tables.house().webhooksWanted()) {
            Delivery delivery = new Delivery(event.id(), 0, at, null);
            put(new Fact.DeliveryPut(delivery));
            queued.add(delivery);
        }
    }

    List<Fact> facts() {
        return facts;
    }

    List<Delivery> queued() {
        return queued;
    }
}
