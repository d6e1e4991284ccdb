package dev.lockstep.workos.object;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A membership of a user in an organization as WorkOS describes it. A member who leaves and returns gets a new one.
 *
 * @param id always there
 * @param userId always there; the user may not have arrived yet
 * @param organizationId always there; the organization may not have arrived yet
 * @param status {@code active}, {@code inactive}, {@code pending}, or a word that WorkOS adds one day
 * @param roles the slugs, whether WorkOS names one role or a list, possibly empty
 * @param directoryManaged false when WorkOS does not say
 * @param organizationName null in events, which leave it out
 * @param createdAt or null
 * @param updatedAt or null; keeps its old value when the membership is deleted
 * @param raw the whole object without secrets; shared, not to be changed
 */
public record WorkOsMembership(
        MembershipId id,
        UserId userId,
        OrganizationId organizationId,
        String status,
        List<RoleSlug> roles,
        boolean directoryManaged,
        @Nullable String organizationName,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        JsonNode raw) {
    /** The status in which, and only in which, a membership gives rights. */
    public static final String ACTIVE = "active";

    private static final String UNKNOWN = "unknown";

    public WorkOsMembership {
        roles = List.copyOf(roles);
    }

    /** Returns true when the membership gives rights; an unknown status gives none. */
    public boolean isActive() {
        return status.equals(ACTIVE);
    }

    /**
     * Reads a membership.
     *
     * @throws dev.lockstep.workos.WorkOsException (malformed answer) when it is no object or one of its three ids is
     *     missing
     */
    public static WorkOsMembership from(JsonNode json) {
        Fields fields = Fields.of("organization membership", json);
        String status = fields.text("status");
        return new WorkOsMembership(
                new MembershipId(fields.id("id")),
                new UserId(fields.id("user_id")),
                new OrganizationId(fields.id("organization_id")),
                status == null ? UNKNOWN : status,
                roles(fields),
                fields.flag("directory_managed"),
                fields.text("organization_name"),
                fields.time("created_at"),
                fields.time("updated_at"),
                Secrets.strip(json));
    }

    private static List<RoleSlug> roles(Fields fields) {
        Set<RoleSlug> slugs = new LinkedHashSet<>();
        addSlug(slugs, fields.object("role"));
        fields.objects("roles").forEach(role -> addSlug(slugs, role));
        return List.copyOf(slugs);
    }

    private static void addSlug(Set<RoleSlug> slugs, JsonNode role) {
        String slug = Fields.of("role", role).optionalId("slug");
        if (slug != null) {
            slugs.add(new RoleSlug(slug));
        }
    }

    @Override
    public String toString() {
        return "WorkOsMembership[" + id + "]";
    }
}
