package dev.lockstep.workos.event;

import static dev.lockstep.workos.event.ObjectChange.CREATED;
import static dev.lockstep.workos.event.ObjectChange.DELETED;
import static dev.lockstep.workos.event.ObjectChange.UPDATED;

import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsObject;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsSession;
import dev.lockstep.workos.object.WorkOsUser;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** The event types that have a case of their own, each with how it is read: the one table to extend. */
public final class EventTypes {
    private static final Map<String, Function<Envelope, WorkOsEvent>> READERS = new Table().readers();

    private EventTypes() {}

    /** Returns the names of all types with a case of their own, for {@code EventsApi}. */
    public static List<String> recognised() {
        return List.copyOf(READERS.keySet());
    }

    /** Reads the payload into its case; throws {@code WorkOsException} when the object has no usable key. */
    static WorkOsEvent read(Envelope envelope) {
        return READERS.getOrDefault(envelope.type(), Unrecognised::new).apply(envelope);
    }

    /** The table while it is written down. */
    private static final class Table {
        private final Map<String, Function<Envelope, WorkOsEvent>> readers = new LinkedHashMap<>();

        Map<String, Function<Envelope, WorkOsEvent>> readers() {
            typed();
            objects();
            authentications();
            logs();
            return Collections.unmodifiableMap(readers);
        }

        private void typed() {
            life("user", (e, change) -> new UserEvent(e, change, WorkOsUser.from(e.data())));
            life("organization", (e, change) -> new OrganizationEvent(e, change, WorkOsOrganization.from(e.data())));
            life(
                    "organization_membership",
                    (e, change) -> new MembershipEvent(e, change, WorkOsMembership.from(e.data())));
            readers.put(
                    "session.created",
                    e -> new SessionEvent(e, SessionEvent.Kind.CREATED, WorkOsSession.from(e.data())));
            readers.put(
                    "session.revoked",
                    e -> new SessionEvent(e, SessionEvent.Kind.REVOKED, WorkOsSession.from(e.data())));
        }

        private void objects() {
            life("organization_domain", ObjectKind.ORGANIZATION_DOMAIN);
            object("organization_domain", ObjectKind.ORGANIZATION_DOMAIN, UPDATED, "verified");
            readers.put(
                    "organization_domain.verification_failed",
                    e -> new ObjectEvent(
                            e, UPDATED, WorkOsObject.from(ObjectKind.ORGANIZATION_DOMAIN, domain(e.data()))));
            life("role", ObjectKind.ROLE);
            life("organization_role", ObjectKind.ORGANIZATION_ROLE);
            life("permission", ObjectKind.PERMISSION);
            object("invitation", ObjectKind.INVITATION, CREATED, "created");
            object("invitation", ObjectKind.INVITATION, UPDATED, "accepted", "revoked", "resent");
            object("dsync", ObjectKind.DIRECTORY, CREATED, "activated");
            object("dsync", ObjectKind.DIRECTORY, DELETED, "deleted");
            life("dsync.user", ObjectKind.DIRECTORY_USER);
            life("dsync.group", ObjectKind.DIRECTORY_GROUP);
            object("dsync.group", ObjectKind.DIRECTORY_GROUP_MEMBER, CREATED, "user_added");
            object("dsync.group", ObjectKind.DIRECTORY_GROUP_MEMBER, DELETED, "user_removed");
            object("connection", ObjectKind.CONNECTION, UPDATED, "activated", "deactivated");
            object("connection", ObjectKind.CONNECTION, DELETED, "deleted");
            life("group", ObjectKind.GROUP);
            object("group", ObjectKind.GROUP_MEMBER, CREATED, "member_added");
            object("group", ObjectKind.GROUP_MEMBER, DELETED, "member_removed");
            life("flag", ObjectKind.FEATURE_FLAG);
            object("flag", ObjectKind.FEATURE_FLAG, UPDATED, "rule_updated");
            object("api_key", ObjectKind.API_KEY, CREATED, "created");
            object("api_key", ObjectKind.API_KEY, UPDATED, "updated");
            object("api_key", ObjectKind.API_KEY, DELETED, "revoked");
        }

        private void authentications() {
            for (String way :
                    List.of("email_verification", "magic_auth", "mfa", "oauth", "passkey", "password", "sso")) {
                log(LoggedEvent.Log.AUTHENTICATION, "authentication", way + "_succeeded", way + "_failed");
            }
            log(
                    LoggedEvent.Log.AUTHENTICATION,
                    "authentication",
                    "sso_started",
                    "sso_timed_out",
                    "radar_risk_detected",
                    "reauthentication_succeeded");
        }

        private void logs() {
            general("connection", "saml_certificate_renewal_required", "saml_certificate_renewed");
            general("dsync.token", "created", "revoked");
            general("email_verification", "created");
            general("password_reset", "created", "succeeded");
            general("magic_auth", "created");
            general("waitlist_user", "created", "approved", "denied");
            general(
                    "pipes.connected_account",
                    "connected",
                    "connection_failed",
                    "disconnected",
                    "reauthorization_needed");
            general("radar", "challenge_created");
            general("action", "authentication.denied", "user_registration.denied");
            general("agent.registration", "created", "deleted", "expired", "refreshed", "revoked");
            general("agent.registration", "claim.attempt.created", "claim.completed");
            general("agent.registration", "credential.issued", "organization.switched");
            general("vault", "byok_key.deleted", "byok_key.verification_completed");
            general("vault", "data.created", "data.deleted", "data.read", "data.updated");
            general("vault", "dek.decrypted", "dek.read", "kek.created", "kek.deleted");
            general("vault", "metadata.read", "names.listed");
        }

        private void life(String family, ObjectKind kind) {
            object(family, kind, CREATED, "created");
            object(family, kind, UPDATED, "updated");
            object(family, kind, DELETED, "deleted");
        }

        private void life(String family, ChangeReader reader) {
            readers.put(family + ".created", e -> reader.read(e, CREATED));
            readers.put(family + ".updated", e -> reader.read(e, UPDATED));
            readers.put(family + ".deleted", e -> reader.read(e, DELETED));
        }

        private void object(String family, ObjectKind kind, ObjectChange change, String... names) {
            for (String name : names) {
                readers.put(family + "." + name, e -> new ObjectEvent(e, change, WorkOsObject.from(kind, e.data())));
            }
        }

        private void general(String family, String... names) {
            log(LoggedEvent.Log.GENERAL, family, names);
        }

        private void log(LoggedEvent.Log log, String family, String... names) {
            for (String name : names) {
                readers.put(family + "." + name, e -> new LoggedEvent(e, log));
            }
        }
    }

    /** A failed verification carries its reason beside the domain, which then stands one level deeper. */
    private static JsonNode domain(JsonNode data) {
        JsonNode inner = data.get("organization_domain");
        return inner != null && inner.isObject() ? inner : data;
    }

    private interface ChangeReader {
        WorkOsEvent read(Envelope envelope, ObjectChange change);
    }
}
