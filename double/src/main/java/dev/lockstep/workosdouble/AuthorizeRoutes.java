package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.MembershipRecord.Status;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hosted sign-in: shows the page, and sends the browser back with a code. It keeps no state between page and form;
 * the form posts to the same address, so a restart in between does not matter.
 */
final class AuthorizeRoutes {
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");

    private final World world;
    private final Registry registry;
    private final SignIn signIn;
    private final String clientId;
    private final RedirectRule redirects;
    private final LoginPage pages;

    AuthorizeRoutes(World world, Registry registry, SignIn signIn, String clientId, RedirectRule redirects) {
        this.world = world;
        this.registry = registry;
        this.signIn = signIn;
        this.clientId = clientId;
        this.redirects = redirects;
        this.pages = new LoginPage(world);
    }

    void addTo(Routes routes) {
        routes.open("GET", AuthorizeAsk.PATH, request -> checked(request, this::show))
                .open("POST", AuthorizeAsk.PATH, request -> checked(request, ask -> submitted(ask, request)));
    }

    private interface Step {
        Response answer(AuthorizeAsk ask);
    }

    /** Nothing is ever sent to an address that was not checked: those two mistakes end on a page of ours. */
    private Response checked(Request request, Step step) {
        String client = request.query("client_id");
        if (client == null || !clientId.equals(client)) {
            return Page.message(400, "Unknown application", "The client_id does not belong to this double.");
        }
        Optional<URI> redirect =
                Optional.ofNullable(request.query("redirect_uri")).flatMap(redirects::callback);
        if (redirect.isEmpty()) {
            return Page.message(
                    400, "Redirect not allowed", "The redirect_uri is missing or is not an allowed address.");
        }
        String organization = request.query("organization_id");
        AuthorizeAsk ask = new AuthorizeAsk(
                client,
                redirect.get(),
                request.query("state"),
                request.query("code_challenge"),
                request.query("login_hint"),
                organization == null ? null : new OrganizationId(organization),
                "sign-up".equals(request.query("screen_hint")),
                request.query("prompt"));
        return problem(request, ask)
                .map(description -> Response.redirect(ask.refused("invalid_request", description)))
                .orElseGet(() -> step.answer(ask));
    }

    private static Optional<String> problem(Request request, AuthorizeAsk ask) {
        if (!"code".equals(request.query("response_type"))) {
            return Optional.of("The response_type must be code.");
        }
        if (request.query("provider") == null && request.query("connection_id") == null && ask.organization() == null) {
            return Optional.of("A provider, connection_id or organization_id is required.");
        }
        String method = request.query("code_challenge_method");
        if (ask.challenge() == null ? method != null : !"S256".equals(method)) {
            return Optional.of("The code_challenge_method must be S256, with a code_challenge.");
        }
        if (ask.challenge() != null && !CHALLENGE.matcher(ask.challenge()).matches()) {
            return Optional.of("The code_challenge is not the base64url text of a SHA-256 hash.");
        }
        return Optional.empty();
    }

    private Response show(AuthorizeAsk ask) {
        if ("none".equals(ask.prompt())) {
            return Response.redirect(ask.refused("login_required", "The user has to sign in."));
        }
        return pages.first(200, ask, null);
    }

    private Response submitted(AuthorizeAsk ask, Request request) {
        Map<String, String> fields = request.fields();
        return switch (fields.getOrDefault("action", "")) {
            case "cancel" -> Response.redirect(ask.refused("access_denied", "The user cancelled the sign-in."));
            case "sign-up" -> signUp(ask, fields, browser(request));
            case "sign-in" -> enter(ask, fields, browser(request));
            default -> pages.first(400, ask, "The form was incomplete. Please try again.");
        };
    }

    private Response enter(AuthorizeAsk ask, Map<String, String> fields, SignIn.Browser browser) {
        String email = fields.getOrDefault("email", "");
        Optional<UserRecord> user = world.read(tables -> tables.userByEmail(email));
        if (user.isEmpty()) {
            return pages.first(404, ask, "Nobody here has this e-mail address. Check it, or sign up.");
        }
        return proceed(ask, user.get(), fields.get("organization"), browser);
    }

    private Response signUp(AuthorizeAsk ask, Map<String, String> fields, SignIn.Browser browser) {
        String email = fields.getOrDefault("email", "").strip();
        if (!EMAIL.matcher(email).matches()) {
            return pages.signUp(422, ask, "Please type an e-mail address.");
        }
        try {
            UserRecord user = registry.createUser(new NewUser(
                    email,
                    blankToNull(fields.get("first_name")),
                    blankToNull(fields.get("last_name")),
                    true,
                    null,
                    null,
                    Map.of()));
            return proceed(ask, user, null, browser);
        } catch (ApiRefusal taken) {
            return pages.signUp(409, ask, "This e-mail address is taken. Sign in with it instead.");
        }
    }

    /** @param picked the organization chosen on the page, or null */
    private Response proceed(AuthorizeAsk ask, UserRecord user, @Nullable String picked, SignIn.Browser browser) {
        OrganizationId organization = ask.organization();
        if (organization == null && picked != null && !picked.isBlank()) {
            organization = new OrganizationId(picked);
        }
        List<MembershipRecord> memberships = world.read(tables -> tables.activeMemberships(user.id()));
        if (organization == null) {
            if (memberships.size() > 1) {
                return pages.organizations(ask, user, memberships);
            }
            organization = memberships.isEmpty() ? null : memberships.getFirst().organizationId();
        } else if (!isMember(user.id(), organization)) {
            return pages.first(403, ask, "This person is not an active member of the organization that was asked for.");
        }
        String code = signIn.code(user.id(), organization, ask.challenge(), browser);
        return Response.redirect(ask.back(Map.of("code", code)));
    }

    private boolean isMember(UserId user, OrganizationId organization) {
        return world.read(tables -> tables.membership(user, organization))
                .filter(found -> found.status() == Status.ACTIVE)
                .isPresent();
    }

    private static SignIn.Browser browser(Request request) {
        return new SignIn.Browser(request.peer(), request.header("User-Agent"));
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}
