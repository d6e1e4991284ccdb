package dev.lockstep.session.token;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads claims into an {@link AccessToken}. Judges their shape only, not their truth. */
final class Claims {
    private static final Set<String> KNOWN = Set.of(
            "iss",
            "aud",
            "client_id",
            "sub",
            "sid",
            "jti",
            "iat",
            "nbf",
            "exp",
            "org_id",
            "role",
            "roles",
            "permissions",
            "entitlements",
            "feature_flags",
            "auth_time",
            "act");
    /** Claims of other kinds of token; an access token has none of them. */
    private static final List<String> FOREIGN = List.of("nonce", "at_hash", "c_hash", "events");

    private static final long LAST_SECOND =
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    private static final int LONGEST_ID = 255;

    private Claims() {}

    /** Returns what the claims say, or nothing if one that must be there is missing or has the wrong shape. */
    static Optional<AccessToken> read(ObjectNode claims) {
        String user = text(claims, "sub");
        String session = text(claims, "sid");
        Instant issuedAt = time(claims, "iat");
        Instant expiresAt = time(claims, "exp");
        boolean organizationOdd =
                claims.has("org_id") && !claims.path("org_id").isNull() && text(claims, "org_id") == null;
        boolean notBeforeOdd = claims.has("nbf") && time(claims, "nbf") == null;
        if (user == null
                || session == null
                || issuedAt == null
                || expiresAt == null
                || organizationOdd
                || notBeforeOdd
                || expiresAt.isBefore(issuedAt)) {
            return Optional.empty();
        }
        String organization = text(claims, "org_id");
        return Optional.of(new AccessToken(
                new UserId(user),
                new SessionId(session),
                organization == null ? null : new OrganizationId(organization),
                roles(claims),
                permissions(claims),
                issuedAt,
                expiresAt,
                time(claims, "auth_time"),
                texts(claims, "entitlements"),
                texts(claims, "feature_flags"),
                impersonator(claims),
                custom(claims)));
    }

    /** Whether the claims are those of an identity, logout or other token. */
    static boolean areOfAnotherKind(ObjectNode claims) {
        return FOREIGN.stream().anyMatch(claims::has);
    }

    /** Whether every audience and client the claims name, if any, is one of ours. */
    static boolean areFor(ObjectNode claims, Set<String> ours) {
        JsonNode client = claims.get("client_id");
        if (client != null && !(client.isString() && ours.contains(client.stringValue()))) {
            return false;
        }
        JsonNode audience = claims.get("aud");
        if (audience == null) {
            return true;
        }
        return audience.isString()
                ? ours.contains(audience.stringValue())
                : texts(claims, "aud").stream().anyMatch(ours::contains);
    }

    static @Nullable Instant time(ObjectNode claims, String name) {
        JsonNode value = claims.get(name);
        if (value == null || !value.isNumber()) {
            return null;
        }
        double seconds = value.doubleValue();
        return seconds >= 0 && seconds <= LAST_SECOND ? Instant.ofEpochSecond((long) seconds) : null;
    }

    static @Nullable String text(ObjectNode claims, String name) {
        JsonNode value = claims.get(name);
        if (value == null || !value.isString()) {
            return null;
        }
        String text = value.stringValue();
        return text.isBlank() || text.length() > LONGEST_ID ? null : text;
    }

    private static Set<RoleSlug> roles(ObjectNode claims) {
        var roles = new LinkedHashSet<RoleSlug>();
        String role = text(claims, "role");
        if (role != null) {
            roles.add(new RoleSlug(role));
        }
        texts(claims, "roles").forEach(slug -> roles.add(new RoleSlug(slug)));
        return roles;
    }

    private static Set<Permission> permissions(ObjectNode claims) {
        var permissions = new LinkedHashSet<Permission>();
        texts(claims, "permissions").forEach(slug -> permissions.add(new Permission(slug)));
        return permissions;
    }

    private static List<String> texts(ObjectNode claims, String name) {
        var texts = new ArrayList<String>();
        for (JsonNode value : claims.path(name)) {
            if (value.isString()
                    && !value.stringValue().isBlank()
                    && value.stringValue().length() <= LONGEST_ID) {
                texts.add(value.stringValue());
            }
        }
        return texts;
    }

    private static @Nullable Impersonator impersonator(ObjectNode claims) {
        JsonNode actor = claims.path("act").path("sub");
        return actor.isString() ? new Impersonator(actor.stringValue(), null) : null;
    }

    private static Map<String, JsonNode> custom(ObjectNode claims) {
        var custom = new LinkedHashMap<String, JsonNode>();
        for (Map.Entry<String, JsonNode> claim : claims.properties()) {
            if (!KNOWN.contains(claim.getKey())) {
                custom.put(claim.getKey(), claim.getValue());
            }
        }
        return custom;
    }
}
