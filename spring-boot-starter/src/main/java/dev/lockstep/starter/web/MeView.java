package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.DefaultRole;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.starter.OwnRows;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code /api/auth/me} says, as JSON: the session first, then what our tables know. */
final class MeView {
    private MeView() {}

    /**
     * The whole of it.
     *
     * @param rows null while the database cannot be asked; the session needs none
     */
    static Map<String, @Nullable Object> of(OpenSession open, OwnRows.@Nullable Rows rows, String csrfToken) {
        Caller.SignedIn caller = open.caller();
        AccessToken token = open.token();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("user", user(open.session().user(), rows));
        data.put("sessionId", caller.session().value());
        data.put(
                "organizationId",
                caller.organizationId() == null ? null : caller.organizationId().value());
        data.put("role", role(caller.roles()));
        data.put("roles", slugs(caller.roles()));
        data.put(
                "permissions",
                caller.permissions().stream().map(p -> p.value()).sorted().toList());
        data.put("entitlements", token.entitlements());
        data.put("featureFlags", token.featureFlags());
        data.put("impersonator", impersonator(caller));
        data.put("authenticationMethod", open.session().authenticationMethod());
        data.put("authenticatedAt", text(token.authTime()));
        data.put("claims", token.customClaims());
        data.put(
                "memberships",
                rows == null
                        ? null
                        : rows.memberships().stream().map(MeView::membership).toList());
        data.put("organizations", rows == null ? null : organizations(rows.memberships()));
        data.put("csrfToken", csrfToken);
        return data;
    }

    private static Map<String, @Nullable Object> user(UserJson json, OwnRows.@Nullable Rows rows) {
        Map<String, @Nullable Object> user = new LinkedHashMap<>();
        user.put("id", json.id().value());
        user.put(
                "accountId",
                rows == null || rows.account() == null
                        ? null
                        : rows.account().value().toString());
        for (String name : List.of("email", "firstName", "lastName", "profilePictureUrl")) {
            user.put(name, json.text(name).orElse(null));
        }
        user.put("displayName", Person.displayName(json));
        user.put("emailVerified", json.flag("emailVerified"));
        return user;
    }

    private static Map<String, @Nullable Object> membership(OwnRows.Membership membership) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", membership.id().value());
        view.put("organizationId", membership.organization().id().value());
        view.put("status", membership.status());
        view.put("role", role(membership.roles()));
        view.put("roles", slugs(membership.roles()));
        view.put("createdAt", text(membership.createdAt()));
        return view;
    }

    /** Each once, although a membership that ends and the one that begins may stand beside each other for a moment. */
    private static List<Map<String, @Nullable Object>> organizations(List<OwnRows.Membership> memberships) {
        return memberships.stream()
                .map(OwnRows.Membership::organization)
                .distinct()
                .map(MeView::organization)
                .toList();
    }

    private static Map<String, @Nullable Object> organization(OwnRows.Organization organization) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", organization.id().value());
        view.put("name", organization.name());
        view.put("slug", organization.slug());
        view.put("domain", organization.domain());
        view.put("logoUrl", organization.logoUrl());
        return view;
    }

    private static @Nullable Map<String, @Nullable Object> impersonator(Caller.SignedIn caller) {
        if (caller.impersonator() == null) {
            return null;
        }
        Map<String, @Nullable Object> impersonator = new LinkedHashMap<>();
        impersonator.put("reason", caller.impersonator().reason());
        return impersonator;
    }

    private static @Nullable String role(Collection<RoleSlug> slugs) {
        return DefaultRole.of(slugs).map(Enum::name).orElse(null);
    }

    private static List<String> slugs(Collection<RoleSlug> roles) {
        return roles.stream().map(RoleSlug::value).sorted().toList();
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
