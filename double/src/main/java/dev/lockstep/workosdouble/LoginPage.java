package dev.lockstep.workosdouble;

import static dev.lockstep.workosdouble.Page.escaped;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The shapes of the sign-in page: whom to sign in as, one known person, a new person, or which organization. */
final class LoginPage {
    private static final int PEOPLE_SHOWN = 8;
    private static final int TINTS = 6;

    private final World world;

    LoginPage(World world) {
        this.world = world;
    }

    /** A person as a button shows them. */
    private record Face(UserRecord user, String organizations, String role) {}

    /** @param problem one sentence for the person, or null */
    Response first(int status, AuthorizeAsk ask, @Nullable String problem) {
        if (ask.signUp()) {
            return signUp(status, ask, problem);
        }
        Optional<Face> hinted = Optional.ofNullable(ask.loginHint())
                .flatMap(hint -> world.read(tables -> tables.userByEmail(hint).map(user -> face(tables, user))));
        return hinted.map(face -> answer(status, ask, "Sign in", continueAs(ask, face, problem)))
                .orElseGet(() -> answer(status, ask, "Sign in", everybody(ask, problem)));
    }

    Response signUp(int status, AuthorizeAsk ask, @Nullable String problem) {
        String content = """
                %s%s
                <form method="post" class="stack">
                <input type="hidden" name="action" value="sign-up">
                <div class="pair">
                <label>First name<input name="first_name" autocomplete="given-name" maxlength="100"></label>
                <label>Last name<input name="last_name" autocomplete="family-name" maxlength="100"></label>
                </div>
                <label>E-mail address<input type="email" name="email" value="%s" autocomplete="email" maxlength="200" required></label>
                <button class="primary">Create account</button>
                </form>
                <p class="switch">Already known here? <a href="%s">Sign in</a></p>
                %s""".formatted(
                        lead(ask),
                        alert(problem),
                        escaped(ask.loginHint() == null ? "" : ask.loginHint()),
                        escaped(ask.page(false, null)),
                        cancel());
        return answer(status, ask, "Create your account", content);
    }

    Response organizations(AuthorizeAsk ask, UserRecord user, List<MembershipRecord> memberships) {
        String choices = memberships.stream()
                .map(membership -> """
                        <button class="person" name="organization" value="%s">\
                        <span class="face %s" aria-hidden="true">%s</span>\
                        <span class="who"><b>%s</b><small>as %s</small></span></button>
                        """.formatted(
                                escaped(membership.organizationId().value()),
                                tint(membership.organizationId().value()),
                                escaped(initials(name(membership))),
                                escaped(name(membership)),
                                escaped(membership.role().value())))
                .collect(Collectors.joining());
        String content = """
                <p class="lead">%s belongs to more than one organization.</p>
                <form method="post" class="stack">
                <input type="hidden" name="action" value="sign-in">
                <input type="hidden" name="email" value="%s">
                %s</form>
                %s""".formatted(escaped(user.displayName()), escaped(user.email()), choices, cancel());
        return answer(200, ask, "Choose an organization", content);
    }

    private String continueAs(AuthorizeAsk ask, Face face, @Nullable String problem) {
        return """
                %s%s
                <form method="post" class="stack">
                <input type="hidden" name="action" value="sign-in">
                <input type="hidden" name="email" value="%s">
                <div class="chosen">%s</div>
                <button class="primary" autofocus>Continue as %s</button>
                </form>
                <p class="switch"><a href="%s">Use another account</a></p>
                %s""".formatted(
                        lead(ask),
                        alert(problem),
                        escaped(face.user().email()),
                        inside(face),
                        escaped(face.user().displayName()),
                        escaped(ask.page(false, null)),
                        cancel());
    }

    private String everybody(AuthorizeAsk ask, @Nullable String problem) {
        List<Face> faces = world.read(tables -> tables.users.all().stream()
                .limit(PEOPLE_SHOWN)
                .map(user -> face(tables, user))
                .toList());
        int others = world.read(tables -> tables.users.all().size()) - faces.size();
        String buttons = faces.stream()
                .map(face -> "<button class=\"person\" name=\"email\" value=\""
                        + escaped(face.user().email()) + "\">" + inside(face) + "</button>\n")
                .collect(Collectors.joining());
        String people =
                faces.isEmpty() ? "" : """
                <form method="post" class="stack" aria-label="People in this environment">
                <input type="hidden" name="action" value="sign-in">
                %s</form>
                <p class="or"><span>%s</span></p>
                """.formatted(buttons, others > 0 ? "or one of " + others + " others" : "or");
        return """
                %s%s
                %s
                <form method="post" class="stack">
                <input type="hidden" name="action" value="sign-in">
                <label>E-mail address<input type="email" name="email" autocomplete="email" maxlength="200" required></label>
                <button class="primary">Continue</button>
                </form>
                <p class="switch">New here? <a href="%s">Create an account</a></p>
                %s""".formatted(lead(ask), alert(problem), people, escaped(ask.page(true, null)), cancel());
    }

    private static Response answer(int status, AuthorizeAsk ask, String title, String content) {
        // Browsers hold the redirect after a form to form-action too, so the application's origin has to be in it.
        return Response.page(status, Page.html(title, content), "'self' " + RedirectRule.origin(ask.redirectUri()));
    }

    private static String lead(AuthorizeAsk ask) {
        return "<p class=\"lead\">to continue to <b>"
                + escaped(ask.redirectUri().getRawAuthority()) + "</b></p>";
    }

    private static String alert(@Nullable String problem) {
        return problem == null ? "" : "\n<p class=\"alert\" role=\"alert\">" + escaped(problem) + "</p>";
    }

    private static String cancel() {
        return """
                <form method="post" class="cancel">
                <input type="hidden" name="action" value="cancel">
                <button class="quiet">Cancel</button>
                </form>""";
    }

    private static String inside(Face face) {
        String organizations = face.organizations().isEmpty() ? "" : " · " + face.organizations();
        return """
                <span class="face %s" aria-hidden="true">%s</span>\
                <span class="who"><b>%s</b><small>%s%s</small></span>%s""".formatted(
                        tint(face.user().id().value()),
                        escaped(initials(face.user().displayName())),
                        escaped(face.user().displayName()),
                        escaped(face.user().email()),
                        escaped(organizations),
                        face.role().isEmpty() ? "" : "<span class=\"role\">" + escaped(face.role()) + "</span>");
    }

    private static Face face(Tables tables, UserRecord user) {
        List<MembershipRecord> memberships = tables.activeMemberships(user.id());
        return new Face(
                user,
                joined(memberships.stream()
                        .map(membership -> Registry.organization(tables, membership.organizationId())
                                .name())),
                joined(memberships.stream().map(membership -> membership.role().value())));
    }

    private static String joined(Stream<String> texts) {
        return texts.distinct().collect(Collectors.joining(", "));
    }

    private String name(MembershipRecord membership) {
        return world.read(tables ->
                Registry.organization(tables, membership.organizationId()).name());
    }

    private static String tint(String id) {
        return "tint" + Math.floorMod(id.hashCode(), TINTS);
    }

    private static String initials(String name) {
        return name.strip()
                .codePoints()
                .limit(1)
                .mapToObj(Character::toString)
                .collect(Collectors.joining())
                .concat(
                        name.strip().contains(" ")
                                ? Character.toString(
                                        name.strip().codePointAt(name.strip().lastIndexOf(' ') + 1))
                                : "");
    }
}
