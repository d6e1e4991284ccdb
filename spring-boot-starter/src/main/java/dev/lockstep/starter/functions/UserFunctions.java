package dev.lockstep.starter.functions;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.UserId;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.NoArgs;
import dev.lockstep.live.function.QueryContext;
import dev.lockstep.live.function.Row;
import dev.lockstep.live.shape.Shape;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.starter.functions.MirroredUser.OwnMembership;
import dev.lockstep.starter.functions.MirroredUser.OwnOrganization;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Live queries about people: the caller's own row, and the rows of those they share an organization with. */
final class UserFunctions {
    private static final int LONGEST_ID = 255;
    private static final String USER = """
            SELECT u.id AS "workosUserId", a.id AS "accountId", coalesce(u.email, '') AS email, u.first_name AS "firstName",
              u.last_name AS "lastName",
              coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.name, u.email, u.id) AS "displayName",
              u.profile_picture_url AS "profilePictureUrl", coalesce(u.email_verified, false) AS "emailVerified",
              p.bio, coalesce(p.timezone, 'UTC') AS timezone, p.usertag, u.updated_at AS "updatedAt",
              u.source AS "syncedBy"
            FROM workos.users_live u
            LEFT JOIN app.accounts a ON a.workos_user_id = u.id
            LEFT JOIN app.profiles p ON p.workos_user_id = u.id
            WHERE u.id = :user
            """;
    private static final String MEMBERSHIP = """
            SELECT m.id, coalesce(m.status, '') AS status, m.role_slugs AS roles, o.id AS organization_id,
              coalesce(o.name, '') AS organization_name
            FROM workos.organization_memberships_live m
            JOIN workos.organizations_live o ON o.id = m.organization_id
            WHERE m.user_id = :user AND m.organization_id = :organization
            ORDER BY (m.status = 'active') DESC, m.created_at DESC LIMIT 1
            """;
    private static final String SHARED = """
            SELECT 1 AS shared FROM workos.organization_memberships_live mine
            JOIN workos.organization_memberships_live theirs ON theirs.organization_id = mine.organization_id
            WHERE mine.user_id = :me AND theirs.user_id = :them
              AND mine.status = 'active' AND theirs.status = 'active' LIMIT 1
            """;

    private static final String ID_OF_ACCOUNT = "SELECT workos_user_id AS id FROM app.accounts WHERE id = :id";
    private static final String ID_OF_EMAIL =
            "SELECT id FROM workos.users_live WHERE email = :email ORDER BY id LIMIT 1";

    private UserFunctions() {}

    /** Whose row is wanted. */
    public record ByWorkOsId(String workosUserId) {}

    /** Whose row is wanted, by the key that this application gave them. */
    public record ByAccountId(UUID accountId) {}

    /** Whose row is wanted, by their e-mail exactly as WorkOS has it. */
    public record ByEmail(String email) {}

    static void register(LiveFunctions.Builder functions) {
        functions.query(
                "users:me", NoArgs.class, Shape.of(MirroredUser.class).orNull(), (context, args) -> me(context));
        functions.query(
                "users:getByWorkOSId",
                ByWorkOsId.class,
                Shape.of(PersonRow.class).orNull(),
                (context, args) -> byWorkOsId(context, args.workosUserId()));
        functions.query(
                "users:getByAccountId",
                ByAccountId.class,
                Shape.of(PersonRow.class).orNull(),
                (context, args) -> byAccount(context, args.accountId()));
        functions.query(
                "users:getByEmail",
                ByEmail.class,
                Shape.of(PersonRow.class).orNull(),
                (context, args) -> byEmail(context, args.email()));
    }

    private static @Nullable MirroredUser me(QueryContext context) {
        if (!(context.caller() instanceof Caller.SignedIn caller)) {
            return null;
        }
        PersonRow user = user(context, caller.user());
        if (user == null) {
            return null;
        }
        Row membership = membership(context, caller);
        return membership == null
                ? MirroredUser.of(user, null, null)
                : MirroredUser.of(
                        user,
                        new OwnOrganization(text(membership, "organization_id"), text(membership, "organization_name")),
                        membership.as(OwnMembership.class));
    }

    private static String text(Row row, String column) {
        return String.valueOf(row.text(column));
    }

    private static @Nullable PersonRow byWorkOsId(QueryContext context, String id) {
        if (!(context.caller() instanceof Caller.SignedIn caller)) {
            return null;
        }
        if (id.isBlank() || id.length() > LONGEST_ID || id.indexOf('\0') >= 0) {
            return null;
        }
        UserId asked = new UserId(id);
        if (!asked.equals(caller.user()) && !shareAnOrganization(context, caller.user(), asked)) {
            return null;
        }
        return user(context, asked);
    }

    private static @Nullable PersonRow byAccount(QueryContext context, UUID id) {
        return context.sql(List.of(Dependency.key("app.accounts", "id", id.toString())), ID_OF_ACCOUNT)
                .param("id", id)
                .first()
                .map(row -> byWorkOsId(context, text(row, "id")))
                .orElse(null);
    }

    private static @Nullable PersonRow byEmail(QueryContext context, String email) {
        if (email.isBlank() || email.length() > LONGEST_ID || email.indexOf('\0') >= 0) {
            return null;
        }
        return context.sql(List.of(Dependency.key("workos.users", "email", email)), ID_OF_EMAIL)
                .param("email", email)
                .first()
                .map(row -> byWorkOsId(context, text(row, "id")))
                .orElse(null);
    }

    private static @Nullable PersonRow user(QueryContext context, UserId id) {
        return context.sql(
                        List.of(
                                Dependency.key("workos.users", "id", id.value()),
                                Dependency.key("app.accounts", "workos_user_id", id.value()),
                                Dependency.key("app.profiles", "workos_user_id", id.value())),
                        USER)
                .param("user", id.value())
                .first()
                .map(row -> row.as(PersonRow.class))
                .orElse(null);
    }

    private static @Nullable Row membership(QueryContext context, Caller.SignedIn caller) {
        if (caller.organizationId() == null) {
            return null;
        }
        String organization = caller.organizationId().value();
        return context.sql(
                        List.of(
                                Dependency.key(
                                        "workos.organization_memberships",
                                        "user_id",
                                        caller.user().value()),
                                Dependency.key("workos.organizations", "id", organization)),
                        MEMBERSHIP)
                .param("user", caller.user().value())
                .param("organization", organization)
                .first()
                .orElse(null);
    }

    private static boolean shareAnOrganization(QueryContext context, UserId me, UserId them) {
        List<Dependency> read = new ArrayList<>();
        for (UserId user : List.of(me, them)) {
            read.add(Dependency.key("workos.organization_memberships", "user_id", user.value()));
            read.add(Dependency.key("workos.users", "id", user.value()));
        }
        read.add(Dependency.table("workos.organizations"));
        return context.sql(read, SHARED)
                .acrossOrganizations()
                .param("me", me.value())
                .param("them", them.value())
                .first()
                .isPresent();
    }
}
