package dev.lockstep.workos.object;

import dev.lockstep.identity.OrganizationId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An organization as WorkOS describes it in an answer or an event.
 *
 * @param id the only field that is always there
 * @param name or null
 * @param domains in the order of WorkOS, possibly empty
 * @param externalId the application's own id for it at WorkOS, or null
 * @param stripeCustomerId or null
 * @param allowProfilesOutsideOrganization null in events, which leave it out
 * @param createdAt or null
 * @param updatedAt or null; keeps its old value when the organization is deleted
 * @param raw the whole object without secrets; shared, not to be changed
 */
public record WorkOsOrganization(
        OrganizationId id,
        @Nullable String name,
        List<Domain> domains,
        @Nullable String externalId,
        @Nullable String stripeCustomerId,
        @Nullable Boolean allowProfilesOutsideOrganization,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        JsonNode raw) {
    public WorkOsOrganization {
        domains = List.copyOf(domains);
    }

    /**
     * One domain of an organization, as far as the organization itself shows it.
     *
     * @param id the id of the domain object, or null
     * @param domain the domain name
     * @param state for example {@code verified}, or null
     */
    public record Domain(
            @Nullable String id, String domain, @Nullable String state) {}

    /**
     * Reads an organization.
     *
     * @throws dev.lockstep.workos.WorkOsException (malformed answer) when it is no object or has no id
     */
    public static WorkOsOrganization from(JsonNode json) {
        Fields fields = Fields.of("organization", json);
        return new WorkOsOrganization(
                new OrganizationId(fields.id("id")),
                fields.text("name"),
                fields.objects("domains").stream()
                        .map(domain -> Fields.of("domain", domain))
                        .filter(domain -> domain.text("domain") != null)
                        .map(domain -> new Domain(domain.optionalId("id"), domain.id("domain"), domain.text("state")))
                        .toList(),
                fields.text("external_id"),
                fields.text("stripe_customer_id"),
                fields.optionalFlag("allow_profiles_outside_organization"),
                fields.time("created_at"),
                fields.time("updated_at"),
                Secrets.strip(json));
    }

    @Override
    public String toString() {
        return "WorkOsOrganization[" + id + "]";
    }
}
