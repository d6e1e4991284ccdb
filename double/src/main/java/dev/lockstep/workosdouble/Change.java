package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import dev.lockstep.identity.OrganizationId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One change in the making: what it puts is visible to it at once and written to the journal as one line. */
final class Change {
    private final Tables tables;
    private final Ulids ulids;
    private final Faults faults;
    private final Instant at;
    private final List<Fact> facts = new ArrayList<>();
    private final List<Delivery> queued = new ArrayList<>();

    Change(Tables tables, Ulids ulids, Faults faults, Instant at) {
        this.tables = tables;
        this.faults = faults;
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

    /** Writes the event, twisted if a fault asks for it, and queues its webhooks. */
    void emit(String type, ObjectNode data, @Nullable OrganizationId organization, @Nullable ObjectNode envelope) {
        Optional<Fault.OfEvent> fault = faults.takeTwist(type);
        if (fault.isEmpty()) {
            write(type, data, organization, envelope);
            return;
        }
        ObjectNode twisted = envelope == null ? Json.object() : envelope;
        switch (fault.get()) {
            case Fault.UnknownEvent ignored ->
                write("constellation.aligned", Json.object().put("object", "constellation"), organization, null);
            case Fault.UnknownField ignored -> Twist.unknownFields(data, twisted);
            case Fault.OddTime odd -> Twist.time(at, odd.spelling(), twisted);
            case Fault.Poison poison -> Twist.poison(data, poison.damage());
        }
        write(type, data, organization, twisted.isEmpty() ? null : twisted);
    }

    private void write(
            String type, ObjectNode data, @Nullable OrganizationId organization, @Nullable ObjectNode envelope) {
        EventRecord event = new EventRecord(
                new EventId(freshId("event")),
                type,
                Json.write(data),
                organization,
                at,
                envelope == null ? null : Json.write(envelope));
        put(new Fact.EventPut(event));
        for (Delivery delivery : WebhookEndpoints.deliveries(tables, event.id(), type, at)) {
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
