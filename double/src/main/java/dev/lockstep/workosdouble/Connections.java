package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Single sign-on connections of organizations. Thread-safe; a verb that names something unknown throws
 * {@link IllegalArgumentException}.
 */
public final class Connections {
    private final World world;

    Connections(World world) {
        this.world = world;
    }

    /** A draft, of which nobody is told. */
    public DoubleId.Connection draft(OrganizationId organization, String name, String type) {
        return new DoubleId.Connection(world.change(change -> {
                    Registry.organization(change.tables(), organization);
                    String id = change.freshId(Kind.CONNECTION.idPrefix());
                    ObjectNode fields = Json.object()
                            .put("organization_id", organization.value())
                            .put("connection_type", type)
                            .put("name", name)
                            .put("state", "draft")
                            .put("status", "unlinked");
                    ArrayNode domains = fields.putArray("domains");
                    for (ObjectRecord domain :
                            change.tables().objects.ownedRecords(Kind.DOMAIN, organization.value())) {
                        domains.addObject()
                                .put("object", "connection_domain")
                                .put("id", "conn_domain_" + domain.id().substring("org_domain_".length()))
                                .put("domain", domain.alias());
                    }
                    return change.keep(
                            Kind.CONNECTION,
                            id,
                            null,
                            List.of(organization.value()),
                            change.document("connection", id, fields));
                })
                .id());
    }

    /** Emits {@code connection.activated}. */
    public void activate(DoubleId.Connection id) {
        turn(id, "active", "linked", "connection.activated");
    }

    /** Emits {@code connection.deactivated}. */
    public void deactivate(DoubleId.Connection id) {
        turn(id, "inactive", "unlinked", "connection.deactivated");
    }

    /** Emits {@code connection.saml_certificate_renewal_required} for a certificate that has a month left. */
    public void requireCertificateRenewal(DoubleId.Connection id) {
        certificate(id, "connection.saml_certificate_renewal_required", false);
    }

    /** Emits {@code connection.saml_certificate_renewed}. */
    public void renewCertificate(DoubleId.Connection id) {
        certificate(id, "connection.saml_certificate_renewed", true);
    }

    public void delete(DoubleId.Connection id) {
        world.change(change -> {
            ObjectRecord connection = change.tables().objects.get(Kind.CONNECTION, id.value());
            drop(change, connection, true);
            return connection;
        });
    }

    static void drop(Change change, ObjectRecord connection, boolean told) {
        change.discard(connection);
        if (told) {
            ObjectNode data = Json.objectOf(connection.json());
            data.remove(List.of("status", "domains"));
            change.emit("connection.deleted", data, organization(connection));
        }
    }

    private void turn(DoubleId.Connection id, String state, String status, String event) {
        world.change(change -> {
            ObjectRecord old = change.tables().objects.get(Kind.CONNECTION, id.value());
            ObjectNode document = Json.objectOf(old.json());
            if (document.get("state").asString().equals(state)) {
                return old;
            }
            ObjectRecord connection =
                    change.rewrite(old, document.put("state", state).put("status", status));
            ObjectNode data = Json.objectOf(connection.json())
                    .put(
                            "external_key",
                            "external-" + id.value().substring(id.value().length() - 12));
            change.emit(event, data, organization(connection));
            return connection;
        });
    }

    private void certificate(DoubleId.Connection id, String event, boolean renewed) {
        world.change(change -> {
            ObjectRecord connection = change.tables().objects.get(Kind.CONNECTION, id.value());
            ObjectNode data = Json.object();
            data.putObject("connection")
                    .put("id", connection.id())
                    .put("organization_id", connection.owners().getFirst());
            ObjectNode certificate = data.putObject("certificate")
                    .put("certificate_type", "ResponseSigning")
                    .put("expiry_date", Json.instant(change.at().plus(Duration.ofDays(renewed ? 365 : 30))));
            if (renewed) {
                data.put("renewed_at", Json.instant(change.at()));
            } else {
                certificate.put("is_expired", false);
                data.put("days_until_expiry", 30);
            }
            change.emit(event, data, organization(connection));
            return connection;
        });
    }

    private static OrganizationId organization(ObjectRecord connection) {
        return new OrganizationId(connection.owners().getFirst());
    }
}
