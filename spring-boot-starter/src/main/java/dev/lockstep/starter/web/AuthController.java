package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.CsrfTokens;
import dev.lockstep.session.login.ReturnPath;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.starter.LockstepProperties;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a page asks about its session: who am I, a token for the socket, another organization. */
@RestController
@RequestMapping("/api/auth")
final class AuthController {
    private final SessionMoves moves;
    private final CsrfTokens csrf;
    private final SignInPage page;
    private final LockstepProperties properties;
    private final InstantSource clock;

    AuthController(
            SessionMoves moves, CsrfTokens csrf, SignInPage page, LockstepProperties properties, InstantSource clock) {
        this.moves = moves;
        this.csrf = csrf;
        this.page = page;
        this.properties = properties;
        this.clock = clock;
    }

    @GetMapping("/config")
    Map<String, Object> config() {
        return success(Map.of(
                "demo", page.demo(),
                "providers", properties.auth().providers(),
                "personas", page.personas(),
                "signInPath", "/api/auth/login"));
    }

    @GetMapping("/me")
    Map<String, Object> me(@CurrentCaller OpenSession open) {
        Caller.SignedIn caller = open.caller();
        AccessToken token = open.token();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("user", user(open.session().user()));
        data.put("sessionId", caller.session().value());
        data.put(
                "organizationId",
                caller.organizationId() == null ? null : caller.organizationId().value());
        data.put("roles", caller.roles().stream().map(r -> r.value()).sorted().toList());
        data.put(
                "permissions",
                caller.permissions().stream().map(p -> p.value()).sorted().toList());
        data.put("entitlements", token.entitlements());
        data.put("featureFlags", token.featureFlags());
        data.put("impersonator", impersonator(caller));
        data.put("authenticationMethod", open.session().authenticationMethod());
        data.put(
                "authenticatedAt",
                token.authTime() == null ? null : token.authTime().toString());
        data.put("claims", token.customClaims());
        data.put("csrfToken", csrf.tokenFor(caller.session()));
        return success(data);
    }

    /** Says whether the person proved who they are recently enough, and where to do so again. */
    @GetMapping("/recent-auth")
    Map<String, Object> recentAuth(@CurrentCaller OpenSession open, @RequestParam @Nullable String maxAge) {
        Duration wanted = LoginWish.seconds(maxAge);
        if (wanted == null) {
            throw new Refusal(new Problem(
                    HttpStatus.BAD_REQUEST, "REQUEST_UNREADABLE", "Name maxAge in whole seconds, such as maxAge=300."));
        }
        AccessToken token = open.token();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put(
                "authenticatedAt",
                token.authTime() == null ? null : token.authTime().toString());
        data.put("isStale", !token.authenticatedWithin(wanted, clock.instant()));
        data.put("signInUrl", SessionGuards.again(wanted, null));
        return success(data);
    }

    private static @Nullable Map<String, @Nullable Object> impersonator(Caller.SignedIn caller) {
        if (caller.impersonator() == null) {
            return null;
        }
        Map<String, @Nullable Object> impersonator = new LinkedHashMap<>();
        impersonator.put("reason", caller.impersonator().reason());
        return impersonator;
    }

    private static Map<String, @Nullable Object> user(UserJson json) {
        Map<String, @Nullable Object> user = new LinkedHashMap<>();
        user.put("id", json.id().value());
        for (String name : new String[] {"email", "firstName", "lastName", "profilePictureUrl"}) {
            user.put(name, json.text(name).orElse(null));
        }
        String full = Stream.of("firstName", "lastName")
                .flatMap(name -> json.text(name).stream())
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(" "));
        user.put("displayName", full.isEmpty() ? json.text("email").orElse(null) : full);
        user.put("emailVerified", json.flag("emailVerified"));
        return user;
    }

    @PostMapping("/token")
    Map<String, Object> token(
            @CurrentCaller OpenSession open,
            @RequestParam(defaultValue = "false") boolean force,
            HttpServletRequest request,
            HttpServletResponse response) {
        OpenSession now = force ? moves.renewed(open, request, response) : open;
        return success(Map.of(
                "accessToken", now.session().accessToken(),
                "expiresAt", now.token().expiresAt().toString()));
    }

    /** The organization to go on in. */
    record SwitchTo(@Nullable String organizationId) {
        private static final int LONGEST_ID = 255;

        OrganizationId organization() {
            if (organizationId == null || organizationId.isBlank() || organizationId.length() > LONGEST_ID) {
                throw new Refusal(new Problem(
                        HttpStatus.BAD_REQUEST,
                        "REQUEST_UNREADABLE",
                        "The body names no organization. Send {\"organizationId\": \"org_…\"}."));
            }
            return new OrganizationId(organizationId);
        }
    }

    @PostMapping(path = "/switch-organization", consumes = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Object> switchOrganization(
            @CurrentCaller OpenSession open,
            @RequestBody SwitchTo wish,
            HttpServletRequest request,
            HttpServletResponse response) {
        OrganizationId wanted = wish.organization();
        return switch (moves.to(wanted, open, request, response)) {
            case SessionMoves.Moved ignored -> success(Map.of("organizationId", wanted.value()));
            case SessionMoves.Stays stays -> throw new Refusal(stays.problem());
        };
    }

    /** The same for a form without any script: ends on a page, by way of WorkOS where that organization asks for it. */
    @PostMapping(path = "/switch-organization", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    void switchByForm(
            @CurrentCaller OpenSession open,
            @RequestParam @Nullable String organizationId,
            @RequestParam(required = false) @Nullable String returnTo,
            HttpServletRequest request,
            HttpServletResponse response) {
        OrganizationId wanted = new SwitchTo(organizationId).organization();
        String home = ReturnPath.of(returnTo == null ? properties.auth().defaultReturnTo() : returnTo);
        String next = switch (moves.to(wanted, open, request, response)) {
            case SessionMoves.Moved ignored -> home;
            case SessionMoves.Stays stays
            when stays.problem().next() != null ->
                stays.problem().next() + "&returnTo=" + URLEncoder.encode(home, StandardCharsets.UTF_8);
            case SessionMoves.Stays stays -> throw new Refusal(stays.problem());
        };
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", properties.origin() + next);
    }

    static Map<String, Object> success(Map<String, ?> data) {
        return Map.of("success", true, "data", data);
    }
}
