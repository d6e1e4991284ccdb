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

    /** Writes the event and, when webhooks are wanted, queues its delivery. */
    void emit(String type, ObjectNode data, @Nullable OrganizationId organization) {
        EventRecord event = new EventRecord(new EventId(freshId("event")), type, Json.write(data), organization, at);
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
