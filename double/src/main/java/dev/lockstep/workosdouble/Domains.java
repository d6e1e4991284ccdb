package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The domains of organizations. Thread-safe; a verb that names something unknown throws
 * {@link IllegalArgumentException}.
 */
public final class Domains {
    private final World world;
    private final RandomGenerator random;

    Domains(World world, RandomGenerator random) {
        this.world = world;
        this.random = random;
    }

    /** Adds a domain that waits for its DNS record, and emits {@code organization_domain.created}. */
    public DoubleId.Domain add(OrganizationId organization, String domain) {
        return new DoubleId.Domain(world.change(change -> put(change, organization, domain, "pending"))
                .id());
    }

    /** As if the DNS record had been found. */
    public void verify(DoubleId.Domain id) {
        world.change(change -> {
            ObjectRecord verified = changeState(change, id, "verified");
            change.emit("organization_domain.updated", Json.objectOf(verified.json()), organization(verified));
            change.emit("organization_domain.verified", Json.objectOf(verified.json()), organization(verified));
            return verified;
        });
    }

    /** As if the DNS record had not come in time. */
    public void failVerification(DoubleId.Domain id) {
        world.change(change -> {
            ObjectRecord failed = changeState(change, id, "failed");
            ObjectNode data = Json.object().put("reason", "domain_verification_period_expired");
            data.set("organization_domain", Json.objectOf(failed.json()));
            change.emit("organization_domain.verification_failed", data, organization(failed));
            return failed;
        });
    }

    public void delete(DoubleId.Domain id) {
        world.change(change -> {
            ObjectRecord domain = change.tables().objects.get(Kind.DOMAIN, id.value());
            drop(change, domain, true);
            return domain;
        });
    }

    /** A failed one waits again; others stay as they are. */
    ObjectRecord askAgain(DoubleId.Domain id) {
        return world.change(change -> {
            ObjectRecord domain = change.tables().objects.get(Kind.DOMAIN, id.value());
            if (!"failed".equals(Json.objectOf(domain.json()).get("state").asString())) {
                return domain;
            }
            ObjectRecord pending = changeState(change, id, "pending");
            change.emit("organization_domain.updated", Json.objectOf(pending.json()), organization(pending));
            return pending;
        });
    }

    ObjectRecord put(Change change, OrganizationId organization, String domain, String state) {
        Registry.organization(change.tables(), organization);
        String name = domain.strip().toLowerCase(Locale.ROOT);
        if (change.tables().objects.byAlias(Kind.DOMAIN, name).isPresent()) {
            throw ApiRefusal.conflict("organization_domain_already_exists", "The domain belongs to an organization.");
        }
        String id = change.freshId(Kind.DOMAIN.idPrefix());
        ObjectNode fields = Json.object()
                .put("organization_id", organization.value())
                .put("domain", name)
                .put("state", state)
                .put("verification_prefix", "superapp-domain-verification-" + Secrets.random(random, 6))
                .put("verification_token", Secrets.random(random, 25))
                .put("verification_strategy", state.equals("pending") ? "dns" : "manual");
        ObjectRecord kept = change.keep(
                Kind.DOMAIN,
                id,
                name,
                List.of(organization.value()),
                change.document("organization_domain", id, fields));
        change.emit("organization_domain.created", Json.objectOf(kept.json()), organization);
        return kept;
    }

    static void drop(Change change, ObjectRecord domain, boolean told) {
        change.discard(domain);
        if (told) {
            change.emit("organization_domain.deleted", Json.objectOf(domain.json()), organization(domain));
        }
    }

    /** Makes the organization's domains exactly these; null leaves them alone. */
    void replace(Change change, OrganizationId organization, @Nullable List<Wanted> wanted) {
        if (wanted == null) {
            return;
        }
        List<String> names = new ArrayList<>();
        for (Wanted each : wanted) {
            names.add(each.domain().strip().toLowerCase(Locale.ROOT));
        }
        for (ObjectRecord old : change.tables().objects.ownedRecords(Kind.DOMAIN, organization.value())) {
            if (!names.remove(old.alias())) {
                drop(change, old, true);
            }
        }
        for (Wanted each : wanted) {
            if (names.contains(each.domain().strip().toLowerCase(Locale.ROOT))) {
                put(change, organization, each.domain(), each.state());
            }
        }
    }

    /** One entry of {@code domain_data}. */
    record Wanted(String domain, String state) {}

    private static ObjectRecord changeState(Change change, DoubleId.Domain id, String state) {
        ObjectRecord old = change.tables().objects.get(Kind.DOMAIN, id.value());
        return change.rewrite(old, Json.objectOf(old.json()).put("state", state));
    }

    private static OrganizationId organization(ObjectRecord domain) {
        return new OrganizationId(domain.owners().getFirst());
    }
}
