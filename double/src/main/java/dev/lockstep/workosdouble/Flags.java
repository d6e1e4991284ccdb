package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Feature flags, for everybody or for chosen users and organizations. Thread-safe; a verb that names something unknown
 * throws {@link IllegalArgumentException}.
 */
public final class Flags {
    private final World world;
    private final String clientId;

    Flags(World world, String clientId) {
        this.world = world;
        this.clientId = clientId;
    }

    /** A flag that is off. Emits {@code flag.created}. */
    public DoubleId.Flag create(String slug, String name) {
        return new DoubleId.Flag(world.change(change -> {
                    if (change.tables().objects.byAlias(Kind.FLAG, slug).isPresent()) {
                        throw ApiRefusal.conflict("flag_slug_conflict", "A flag with this slug exists.");
                    }
                    String id = change.freshId(Kind.FLAG.idPrefix());
                    ObjectNode fields = Json.object()
                            .put("slug", slug)
                            .put("name", name)
                            .putNull("description")
                            .putNull("owner");
                    fields.putArray("tags");
                    fields.put("enabled", false).put("default_value", false);
                    ObjectRecord flag =
                            change.keep(Kind.FLAG, id, slug, List.of(), change.document("feature_flag", id, fields));
                    emit(change, flag, "flag.created", context());
                    return flag;
                })
                .id());
    }

    public void rename(DoubleId.Flag id, String name) {
        edit(id.value(), document -> document.put("name", name));
    }

    public void enable(DoubleId.Flag id) {
        edit(id.value(), document -> document.put("enabled", true));
    }

    public void disable(DoubleId.Flag id) {
        edit(id.value(), document -> document.put("enabled", false));
    }

    /** Emits {@code flag.deleted}. */
    public void delete(DoubleId.Flag id) {
        world.change(change -> {
            ObjectRecord flag = change.tables().objects.get(Kind.FLAG, id.value());
            change.discard(flag);
            emit(change, flag, "flag.deleted", context());
            return flag;
        });
    }

    /** Emits {@code flag.rule_updated}. */
    public void target(DoubleId.Flag id, UserId user) {
        retarget(id.value(), user.value(), true);
    }

    /** Emits {@code flag.rule_updated}. */
    public void target(DoubleId.Flag id, OrganizationId organization) {
        retarget(id.value(), organization.value(), true);
    }

    public void untarget(DoubleId.Flag id, UserId user) {
        retarget(id.value(), user.value(), false);
    }

    public void untarget(DoubleId.Flag id, OrganizationId organization) {
        retarget(id.value(), organization.value(), false);
    }

    /** Nothing changed is no event. */
    ObjectRecord edit(String id, UnaryOperator<ObjectNode> change) {
        return world.change(moment -> {
            ObjectRecord old = moment.tables().objects.get(Kind.FLAG, id);
            ObjectNode before = Json.objectOf(old.json());
            ObjectNode after = change.apply(before.deepCopy());
            if (after.equals(before)) {
                return old;
            }
            ObjectRecord flag = moment.rewrite(old, after);
            ObjectNode context = context();
            context.putObject("previous_attributes").set("data", DirectoryUsers.previous(before, after));
            emit(moment, flag, "flag.updated", context);
            return flag;
        });
    }

    void retarget(String id, String target, boolean add) {
        world.change(change -> {
            ObjectRecord old = change.tables().objects.get(Kind.FLAG, id);
            requireTarget(change.tables(), target);
            List<String> targets = new ArrayList<>(old.owners());
            if (targets.contains(target) == add) {
                return old;
            }
            if (add) {
                targets.add(target);
            } else {
                targets.remove(target);
            }
            ObjectNode document = Json.objectOf(old.json()).put("updated_at", Json.instant(change.at()));
            ObjectRecord flag = change.keep(Kind.FLAG, old.id(), old.alias(), targets, document);
            ObjectNode context = context();
            rule(change.tables(), context, targets);
            ObjectNode previous = context.putObject("previous_attributes");
            previous.putObject("data");
            rule(change.tables(), previous.putObject("context"), old.owners());
            emit(change, flag, "flag.rule_updated", context);
            return flag;
        });
    }

    private static void requireTarget(Tables tables, String target) {
        if (target.startsWith("user_")) {
            Registry.user(tables, new UserId(target));
        } else {
            Registry.organization(tables, new OrganizationId(target));
        }
    }

    private static void rule(Tables tables, ObjectNode into, List<String> targets) {
        into.put("access_type", targets.isEmpty() ? "none" : "some");
        ObjectNode configured = into.putObject("configured_targets");
        ArrayNode organizations = configured.putArray("organizations");
        ArrayNode users = configured.putArray("users");
        for (String target : targets) {
            if (target.startsWith("user_")) {
                UserRecord user = tables.users.find(new UserId(target));
                users.addObject().put("id", target).put("email", user == null ? "" : user.email());
            } else {
                OrganizationRecord organization = tables.organizations.find(new OrganizationId(target));
                organizations
                        .addObject()
                        .put("id", target)
                        .put("name", organization == null ? "" : organization.name());
            }
        }
    }

    private ObjectNode context() {
        ObjectNode context = Json.object().put("client_id", clientId);
        context.putObject("actor").put("id", clientId).put("source", "api").put("name", "WorkOS double");
        return context;
    }

    private void emit(Change change, ObjectRecord flag, String event, ObjectNode context) {
        ObjectNode data = Json.objectOf(flag.json()).put("environment_id", "environment_" + clientId);
        ObjectNode envelope = Json.object();
        envelope.set("context", context);
        change.emit(event, data, null, envelope);
    }

    /** Whether the flag is on for somebody. */
    static boolean isOn(ObjectRecord flag, @Nullable String target) {
        ObjectNode document = Json.objectOf(flag.json());
        return document.get("enabled").asBoolean()
                && (document.get("default_value").asBoolean()
                        || flag.owners().isEmpty()
                        || flag.owners().contains(target));
    }
}
