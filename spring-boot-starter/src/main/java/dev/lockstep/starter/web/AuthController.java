package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.CsrfTokens;
import dev.lockstep.session.login.ReturnPath;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.starter.OwnRows;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
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
    private static final Logger LOG = LoggerFactory.getLogger(AuthController.class);

    private final SessionMoves moves;
    private final CsrfTokens csrf;
    private final SignInPage page;
    private final LockstepProperties properties;
    private final OwnRows rows;
    private final InstantSource clock;

    AuthController(
            SessionMoves moves,
            CsrfTokens csrf,
            SignInPage page,
            LockstepProperties properties,
            OwnRows rows,
            InstantSource clock) {
        this.rows = rows;
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
        return success(
                MeView.of(open, rows(open.caller()), csrf.tokenFor(open.caller().session())));
    }

    /** The session stands without the database, so an outage there leaves something unsaid and signs nobody out. */
    private OwnRows.@Nullable Rows rows(Caller.SignedIn caller) {
        try {
            return rows.of(caller.user());
        } catch (DataAccessException away) {
            LOG.warn(
                    "STORE_UNAVAILABLE a session was shown without its memberships cause={}",
                    away.getClass().getSimpleName());
            return null;
        }
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
