package dev.lockstep.workos.event;

import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsSession;
import dev.lockstep.workos.object.WorkOsUser;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The event types that have a case of their own, each with how it is read: the one table to extend. */
public final class EventTypes {
    private static final Map<String, Function<Envelope, WorkOsEvent>> READERS = readers();

    private EventTypes() {}

    /** Returns the names of all types with a case of their own, for {@code EventsApi} and webhook endpoints. */
    public static List<String> recognised() {
        return List.copyOf(READERS.keySet());
    }

    /** Reads the payload into its case; throws {@code WorkOsException} when the object has no usable id. */
    static WorkOsEvent read(Envelope envelope) {
        return READERS.getOrDefault(envelope.type(), Unrecognised::new).apply(envelope);
    }

    private static Map<String, Function<Envelope, WorkOsEvent>> readers() {
        Map<String, Function<Envelope, WorkOsEvent>> readers = new LinkedHashMap<>();
        changes(readers, "user", (e, change) -> new UserEvent(e, change, WorkOsUser.from(e.data())));
        changes(
                readers,
                "organization",
                (e, change) -> new OrganizationEvent(e, change, WorkOsOrganization.from(e.data())));
        changes(
                readers,
                "organization_membership",
                (e, change) -> new MembershipEvent(e, change, WorkOsMembership.from(e.data())));
        readers.put(
                "session.created", e -> new SessionEvent(e, SessionEvent.Kind.CREATED, WorkOsSession.from(e.data())));
        readers.put(
                "session.revoked", e -> new SessionEvent(e, SessionEvent.Kind.REVOKED, WorkOsSession.from(e.data())));
        return Collections.unmodifiableMap(readers);
    }

    private static void changes(
            Map<String, Function<Envelope, WorkOsEvent>> readers, String family, ChangeReader reader) {
        readers.put(family + ".created", e -> reader.read(e, ObjectChange.CREATED));
        readers.put(family + ".updated", e -> reader.read(e, ObjectChange.UPDATED));
        readers.put(family + ".deleted", e -> reader.read(e, ObjectChange.DELETED));
    }

    private interface ChangeReader {
        WorkOsEvent read(Envelope envelope, ObjectChange change);
    }
}
