package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.CsrfTokens;
import dev.lockstep.session.SessionOutcome;
import dev.lockstep.session.refresh.RenewalOutcome;
import dev.lockstep.session.refresh.SessionRefresher;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.starter.LockstepProperties;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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
    private final SessionRefresher refresher;
    private final SessionCookieWriter cookie;
    private final CsrfTokens csrf;
    private final SignInPage page;
    private final LockstepProperties properties;

    AuthController(
            SessionRefresher refresher,
            SessionCookieWriter cookie,
            CsrfTokens csrf,
            SignInPage page,
            LockstepProperties properties) {
        this.refresher = refresher;
        this.cookie = cookie;
        this.csrf = csrf;
        this.page = page;
        this.properties = properties;
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
    Map<String, Object> me(@CurrentCaller Caller.SignedIn caller, HttpServletRequest request) {
        OpenSession open = OpenSession.of(request).orElseThrow(() -> new Refusal(Problem.unauthorized()));
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
        data.put("impersonator", impersonator(caller));
        data.put("csrfToken", csrf.tokenFor(caller.session()));
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
            @CurrentCaller Caller.SignedIn caller,
            @RequestParam(defaultValue = "false") boolean force,
            HttpServletRequest request,
            HttpServletResponse response) {
        OpenSession open = OpenSession.of(request).orElseThrow(() -> new Refusal(Problem.unauthorized()));
        if (force) {
            open = renewed(refresher.renewNow(new SessionOutcome.Valid(open.session(), open.token(), false)), response);
        }
        return success(Map.of(
                "accessToken", open.session().accessToken(),
                "expiresAt", open.token().expiresAt().toString()));
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

    @PostMapping("/switch-organization")
    Map<String, Object> switchOrganization(
            @CurrentCaller Caller.SignedIn caller,
            @RequestBody SwitchTo wish,
            HttpServletRequest request,
            HttpServletResponse response) {
        OpenSession open = OpenSession.of(request).orElseThrow(() -> new Refusal(Problem.unauthorized()));
        OrganizationId wanted = wish.organization();
        OpenSession now = renewed(refresher.switchTo(wanted, open.session(), open.token()), response);
        if (!wanted.equals(now.token().organizationId())) {
            throw new Refusal(new Problem(
                    HttpStatus.CONFLICT,
                    "ORGANIZATION_NOT_SWITCHED",
                    "The session stays in its organization. Sign in to the other one."));
        }
        return success(Map.of("organizationId", wanted.value()));
    }

    private OpenSession renewed(RenewalOutcome outcome, HttpServletResponse response) {
        return switch (outcome) {
            case RenewalOutcome.Renewed fresh -> {
                if (!cookie.write(fresh.session(), response)) {
                    throw new Refusal(Problem.sessionTooLarge());
                }
                yield new OpenSession(fresh.session(), fresh.token());
            }
            case RenewalOutcome.Kept kept -> new OpenSession(kept.session(), kept.token());
            case RenewalOutcome.Ended ignored -> {
                cookie.clear(response);
                throw new Refusal(Problem.unauthorized());
            }
            case RenewalOutcome.Unavailable ignored -> throw new Refusal(Problem.cannotVerify());
        };
    }

    static Map<String, Object> success(Map<String, ?> data) {
        return Map.of("success", true, "data", data);
    }
}
