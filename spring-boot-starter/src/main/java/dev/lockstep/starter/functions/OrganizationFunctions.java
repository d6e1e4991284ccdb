package dev.lockstep.starter.functions;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.NoArgs;
import dev.lockstep.live.function.QueryContext;
import dev.lockstep.live.function.Row;
import dev.lockstep.live.shape.Shape;
import dev.lockstep.live.subscription.Dependency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Live queries about the organization the caller's session is in. Without an active membership they show nothing. */
final class OrganizationFunctions {
    private static final String MEMBERSHIPS = """
            SELECT m.id, m.user_id, m.role_slugs AS roles, coalesce(m.status, '') AS status
            FROM workos.organization_memberships m
            JOIN workos.organizations_live o ON o.id = m.organization_id
            WHERE m.organization_id = :organization AND m.deleted_at IS NULL
            ORDER BY m.created_at, m.id
            """;
    private static final String USERS = """
            SELECT u.id, coalesce(u.email, '') AS email,
              coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.name, u.email, u.id) AS name
            FROM workos.users_live u WHERE u.id = ANY (string_to_array(:ids, ' '))
            """;

    private OrganizationFunctions() {}

    static void register(LiveFunctions.Builder functions) {
        functions.query(
                "organizations:members",
                NoArgs.class,
                Shape.listOf(MemberRow.class),
                (context, args) -> members(context));
    }

    private static List<MemberRow> members(QueryContext context) {
        if (!(context.caller() instanceof Caller.SignedIn caller) || caller.organizationId() == null) {
            return List.of();
        }
        String organization = caller.organizationId().value();
        List<Row> memberships = context.sql(
                        List.of(
                                Dependency.key("workos.organization_memberships", "organization_id", organization),
                                Dependency.key("workos.organizations", "id", organization)),
                        MEMBERSHIPS)
                .param("organization", organization)
                .rows();
        boolean isMember = memberships.stream()
                .anyMatch(m -> caller.user().value().equals(m.text("user_id")) && "active".equals(m.text("status")));
        if (!isMember) {
            return List.of();
        }
        Map<String, Row> users = users(context, memberships);
        List<MemberRow> members = new ArrayList<>();
        for (Row membership : memberships) {
            Row user = users.get(Objects.toString(membership.text("user_id")));
            if (user != null) {
                members.add(member(membership, user));
            }
        }
        return members;
    }

    private static Map<String, Row> users(QueryContext context, List<Row> memberships) {
        List<String> ids = memberships.stream()
                .map(m -> Objects.toString(m.text("user_id")))
                .distinct()
                .toList();
        List<Dependency> read =
                ids.stream().map(id -> Dependency.key("workos.users", "id", id)).toList();
        return context.sql(read, USERS).param("ids", String.join(" ", ids)).rows().stream()
                .collect(Collectors.toMap(row -> Objects.toString(row.text("id")), row -> row));
    }

    private static MemberRow member(Row membership, Row user) {
        return new MemberRow(
                Objects.toString(membership.text("id")),
                Objects.toString(user.text("id")),
                Objects.toString(user.text("name")),
                Objects.toString(user.text("email")),
                membership.list("roles").stream().map(Object::toString).toList(),
                Objects.toString(membership.text("status")));
    }
}
