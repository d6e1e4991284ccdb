package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.audit.Audit;
import dev.lockstep.audit.AuditChain;
import dev.lockstep.audit.AuditKey;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.CookieSettings;
import dev.lockstep.session.Revocations;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.keeping.SessionKeeper;
import dev.lockstep.session.login.Arrivals;
import dev.lockstep.session.login.CodeExchange;
import dev.lockstep.session.login.LoginFault;
import dev.lockstep.session.login.LoginFlow;
import dev.lockstep.session.login.LoginRequest;
import dev.lockstep.session.login.LoginSettings;
import dev.lockstep.session.login.LoginStart;
import dev.lockstep.session.login.PendingLogins;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.sealing.UserJson;
import dev.lockstep.session.token.AccessToken;
import dev.lockstep.starter.CapturedLog;
import dev.lockstep.starter.EndedSessions;
import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.starter.SignInAudit;
import dev.lockstep.starter.SignInRows;
import dev.lockstep.starter.Signals;
import dev.lockstep.starter.TestTokens;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.projection.LoginLookup;
import dev.lockstep.sync.projection.LoginProjection;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsOrganization;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What an application hears of sign-ins, and what becomes of a sign-in when it objects. */
class LoginListenerTest {
    private static final TestTokens TOKENS = new TestTokens();

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final CookieKeys keys = CookieKeys.of(List.of("a-cookie-password-of-more-than-32-characters"));
    private final SessionCookies cookies = new SessionCookies(CookieSettings.at("https://app.example.test"));
    private final List<String> heard = new ArrayList<>();
    private final Signals signals = new Signals();
    private boolean objects;
    private final LoginFlow flow = new LoginFlow(
            new LoginSettings(
                    "https://api.workos.com",
                    "client_test",
                    "https://app.example.test/api/auth/callback",
                    Set.of("https://api.workos.com")),
            cookies,
            new PendingLogins(keys, clock, new SecureRandom()),
            this::exchange,
            TOKENS.verifier(clock),
            clock);
    private final SignInListener listener = new SignInListener() {
        @Override
        public void comesIn(AuthenticationResult result, AccessToken token, @Nullable String appState) {
            heard.add(token.user() + " " + appState);
            if (objects) {
                throw new IllegalStateException("not today");
            }
        }

        @Override
        public void refused(LoginFault fault, String reference) {
            heard.add(fault.code());
            throw new IllegalStateException("broken");
        }
    };

    @Test
    void whoComesInIsHeardOfWithTheApplicationsStateBeforeTheCookieIsThere() throws Exception {
        MockHttpServletResponse response = comeBack();
        assertThat(heard).containsExactly("user_1 cart=42");
        assertThat(response.getStatus()).isEqualTo(302);
        assertThat(response.getHeader("Location")).isEqualTo("https://app.example.test/there");
        assertThat(response.getHeaders("Set-Cookie")).anyMatch(value -> value.startsWith("wos-session=Fe26.2"));
    }

    @Test
    void whenTheApplicationObjectsNobodyIsSignedIn() throws Exception {
        objects = true;
        MockHttpServletResponse response = comeBack();
        assertThat(response.getStatus()).isEqualTo(303);
        assertThat(response.getHeader("Location")).contains("/login?error=sign_in_listener_failed");
        assertThat(response.getHeaders("Set-Cookie")).noneMatch(value -> value.startsWith("wos-session="));
    }

    @Test
    void aRefusalIsHeardOfAndStandsWhateverTheListenerDoes() throws Exception {
        var request = new MockHttpServletRequest("GET", "/api/auth/callback");
        request.addParameter("error", "access_denied");
        var response = new MockHttpServletResponse();
        controller().callback(request, response);
        assertThat(heard).containsExactly("access_denied");
        assertThat(response.getHeader("Location")).contains("/login?error=access_denied");
    }

    @Test
    void aDatabaseThatIsAwayHindersNoSignIn() throws Exception {
        MockHttpServletResponse response = comeBack();
        assertThat(response.getStatus()).isEqualTo(302);
        assertThat(response.getHeader("Location")).isEqualTo("https://app.example.test/there");
        assertThat(response.getHeaders("Set-Cookie")).anyMatch(value -> value.startsWith("wos-session=Fe26.2"));
        assertThat(signals.signIns().of(Signals.SignIn.SUCCEEDED)).isOne();
    }

    @Test
    void aSignInIsOneLineWithoutTheAddressAndWithoutAnySecretAndCountsByItsMethod() throws Exception {
        try (CapturedLog log = CapturedLog.of(LoginController.class, "INFO")) {
            comeBack();
            assertThat(log.lines())
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .matches(
                            "INFO auth.login.succeeded user=user_1 session=session_1 method=Password ref=[0-9a-f]{16}");
            assertThat(log.fields().getFirst()).startsWith("event=auth.login.succeeded user=user_1 session=session_1");
        }
        assertThat(signals.methods().of(Signals.Method.PASSWORD)).isOne();
    }

    @Test
    void aSignInThatIsDeniedSaysWhy() throws Exception {
        objects = true;
        try (CapturedLog log = CapturedLog.of(LoginController.class, "INFO")) {
            comeBack();
            assertThat(log.lines())
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith("INFO auth.login.denied user=user_1 session=session_1 method=Password"
                            + " reason=sign_in_listener_failed ref=");
        }
        assertThat(signals.methods().of(Signals.Method.PASSWORD)).isZero();
    }

    @Test
    void providersAreToldApartHoweverWorkOsSpellsThem() {
        assertThat(Signals.Method.of("GoogleOAuth")).isEqualTo(Signals.Method.GOOGLE);
        assertThat(Signals.Method.of("MICROSOFT_OAUTH")).isEqualTo(Signals.Method.MICROSOFT);
        assertThat(Signals.Method.of("MagicAuth")).isEqualTo(Signals.Method.MAGICAUTH);
        assertThat(Signals.Method.of("magic_auth")).isEqualTo(Signals.Method.MAGICAUTH);
        assertThat(Signals.Method.of("SSO")).isEqualTo(Signals.Method.SSO);
        assertThat(Signals.Method.of("SomethingNew")).isEqualTo(Signals.Method.OTHER);
        assertThat(Signals.Method.of(null)).isEqualTo(Signals.Method.OTHER);
    }

    private MockHttpServletResponse comeBack() throws Exception {
        LoginStart start = flow.begin(LoginRequest.to("/there").withAppState("cart=42"), List.of());
        String state = URLDecoder.decode(
                start.authorizeUrl().replaceFirst(".*[?&]state=([^&]*).*", "$1"), StandardCharsets.UTF_8);
        String cookie = start.setCookies().getFirst();
        var request = new MockHttpServletRequest("GET", "/api/auth/callback");
        request.addParameter("code", "code_1");
        request.addParameter("state", state);
        request.addHeader("Cookie", cookie.substring(0, cookie.indexOf(';')));
        var response = new MockHttpServletResponse();
        controller().callback(request, response);
        return response;
    }

    private AuthenticationResult exchange(CodeExchange.Grant grant) {
        return new AuthenticationResult(
                TOKENS.token("user_1", "session_1", clock.instant(), Map.of()),
                "rt_1",
                UserJson.parse("{\"id\":\"user_1\",\"email\":\"ada@acme.test\"}")
                        .orElseThrow(),
                null,
                null,
                "Password");
    }

    private LoginController controller() {
        var settings = cookies.settings();
        var sealer = new SessionSealer(keys, settings.name(), settings.maxAge(), clock, new SecureRandom());
        var writer = new SessionCookieWriter(SessionKeeper.inCookies(sealer), cookies);
        // Rows that cannot be written never stop a sign-in, and here there is no database at all.
        var nowhere = new Database(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/nowhere"));
        var rows = new SignInRows(new LoginProjection(
                nowhere,
                new Snapshots(nowhere, Doorbell.silent()),
                new NoLookup(),
                Runnable::run,
                clock,
                Doorbell.silent()));
        var audit = new Audit(new AuditChain(
                new AuditKey("an-audit-key-of-more-than-32-characters".getBytes(StandardCharsets.UTF_8))));
        var ended = new EndedSessions(new Revocations(clock), match -> {}, nowhere, null, () -> {});
        var start = new SessionStart(
                new Arrivals(TOKENS.verifier(clock)), rows, writer, ended, new SignInAudit(nowhere, audit));
        return new LoginController(
                new LoginController.Way(flow, start, new LoginLoop(cookies)),
                new ClientAddress(0),
                listener,
                signals,
                properties(),
                clock);
    }

    private static LockstepProperties properties() {
        var source = new MapConfigurationPropertySource(Map.of(
                "lockstep.public-url", URI.create("https://app.example.test").toString()));
        return new Binder(source).bindOrCreate("lockstep", LockstepProperties.class);
    }

    /** WorkOS is not asked for more. */
    private static final class NoLookup implements LoginLookup {
        @Override
        public Optional<WorkOsOrganization> organization(OrganizationId id) {
            return Optional.empty();
        }

        @Override
        public List<WorkOsMembership> memberships(UserId user, OrganizationId organization) {
            return List.of();
        }
    }
}
