package dev.lockstep.workos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.WorkOsProblem.Unavailable;
import dev.lockstep.workos.WorkOsProblem.Unreachable;
import dev.lockstep.workos.authentication.AuthenticationAnswer;
import dev.lockstep.workos.authentication.AuthenticationApi;
import dev.lockstep.workos.authentication.AuthenticationOutcome;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Authenticated;
import dev.lockstep.workos.authentication.AuthenticationOutcome.CannotTell;
import dev.lockstep.workos.authentication.AuthenticationOutcome.Denied;
import dev.lockstep.workos.authentication.SessionsApi;
import dev.lockstep.workos.authentication.SigningKeysApi;
import dev.lockstep.workos.authentication.Visitor;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.event.EventPage;
import dev.lockstep.workos.event.EventTypes;
import dev.lockstep.workos.event.EventsApi;
import dev.lockstep.workos.event.EventsApi.Start;
import dev.lockstep.workos.event.MembershipEvent;
import dev.lockstep.workos.event.ObjectChange;
import dev.lockstep.workos.event.RawEvent;
import dev.lockstep.workos.event.SessionEvent;
import dev.lockstep.workos.event.UserEvent;
import dev.lockstep.workos.event.WorkOsEvent;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsSession;
import dev.lockstep.workos.object.WorkOsUser;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.organization.OrganizationsApi;
import dev.lockstep.workos.user.UserChange;
import dev.lockstep.workos.user.UsersApi;
import dev.lockstep.workos.webhook.WebhookSecret;
import dev.lockstep.workos.webhook.WebhookSignature;
import dev.lockstep.workos.webhook.WebhookVerdict.Verified;
import dev.lockstep.workosdouble.DoubleSettings;
import dev.lockstep.workosdouble.EventRecord;
import dev.lockstep.workosdouble.NewUser;
import dev.lockstep.workosdouble.SignedIn;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every call the product makes, against the WorkOS double: both sides must mean the same by it. */
class WorkOsContractTest {
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final RoleSlug ADMIN = new RoleSlug("admin");
    private static final RoleSlug VIEWER = new RoleSlug("viewer");

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private WorkOsDouble workos;
    private WorkOsClient client;
    private UserId ada;
    private OrganizationId acme;
    private MembershipId membership;

    @BeforeEach
    void start() {
        workos = WorkOsDouble.start(DoubleSettings.builder().clock(clock).build());
        client = open(workos.apiKey());
        ada = workos.createUser(NewUser.named("ada@acme.test", "Ada", "Osei"));
        acme = workos.createOrganization("Acme Robotics");
        membership = workos.addMember(ada, acme, ADMIN);
    }

    @AfterEach
    void stop() {
        client.close();
        workos.close();
    }

    @Test
    void aCodeOfTheLoginPageIsGoodOnceAndOnlyWithItsVerifier() throws IOException, InterruptedException {
        AuthenticationApi authentication = new AuthenticationApi(client);
        String code = codeOfTheLoginPage();

        AuthenticationOutcome wrong = authentication.withCode(code, "x".repeat(43), Visitor.UNKNOWN);
        AuthenticationOutcome right = authentication.withCode(code, VERIFIER, Visitor.UNKNOWN);
        AuthenticationOutcome again = authentication.withCode(code, VERIFIER, Visitor.UNKNOWN);

        assertThat(wrong).isEqualTo(new Denied("invalid_grant", 400));
        assertThat(again).isEqualTo(new Denied("invalid_grant", 400));
        AuthenticationAnswer answer = ((Authenticated) right).answer();
        assertThat(answer.user().id()).isEqualTo(ada);
        assertThat(answer.user().email()).isEqualTo("ada@acme.test");
        assertThat(answer.organizationId()).isEqualTo(acme);
        assertThat(answer.accessToken().split("\\.")).hasSize(3);
        assertThat(answer.authenticationMethod()).isEqualTo("Password");
    }

    @Test
    void aRefreshRotatesAndItsReplayGivesTheSameWithinTheGrace() {
        AuthenticationApi authentication = new AuthenticationApi(client);
        SignedIn signedIn = workos.signIn(ada, acme);

        AuthenticationAnswer first = refreshed(authentication, signedIn.refreshToken(), null);
        AuthenticationAnswer replay = refreshed(authentication, signedIn.refreshToken(), null);
        clock.advance(Duration.ofSeconds(31));

        assertThat(first.refreshToken()).isNotEqualTo(signedIn.refreshToken());
        assertThat(replay.refreshToken()).isEqualTo(first.refreshToken());
        assertThat(authentication.withRefreshToken(signedIn.refreshToken(), null, Visitor.UNKNOWN))
                .isEqualTo(new Denied("invalid_grant", 400));
    }

    @Test
    void aRefreshCanChangeTheOrganizationAndOnlyToOneOfTheirOwn() {
        AuthenticationApi authentication = new AuthenticationApi(client);
        OrganizationId globex = workos.createOrganization("Globex Health");
        OrganizationId stranger = workos.createOrganization("Stranger");
        workos.addMember(ada, globex, VIEWER);
        SignedIn signedIn = workos.signIn(ada, acme);

        AuthenticationAnswer inGlobex = refreshed(authentication, signedIn.refreshToken(), globex);

        assertThat(inGlobex.organizationId()).isEqualTo(globex);
        assertThat(authentication.withRefreshToken(inGlobex.refreshToken(), stranger, Visitor.UNKNOWN))
                .isEqualTo(new Denied("access_denied", 403));
    }

    @Test
    void aRevokedSessionIsGoneFromTheListAndItsRefreshIsDenied() {
        SessionsApi sessions = new SessionsApi(client);
        SignedIn one = workos.signIn(ada, acme);
        SignedIn two = workos.signIn(ada, null);
        assertThat(sessions.page(ada, null).items())
                .extracting(WorkOsSession::id)
                .containsExactlyInAnyOrder(one.session(), two.session());

        assertThat(sessions.revoke(one.session())).isTrue();
        assertThat(sessions.revoke(one.session()))
                .as("revoking twice is revoking")
                .isTrue();
        assertThat(sessions.revoke(new SessionId("session_unknown"))).isFalse();

        assertThat(sessions.page(ada, null).items())
                .extracting(WorkOsSession::id)
                .containsExactly(two.session());
        assertThat(new AuthenticationApi(client).withRefreshToken(one.refreshToken(), null, Visitor.UNKNOWN))
                .isEqualTo(new Denied("invalid_grant", 400));
    }

    @Test
    void theKeySetHoldsTheKeyOfTheTokens() {
        String header = new String(
                Base64.getUrlDecoder()
                        .decode(workos.signIn(ada, acme).accessToken().split("\\.")[0]),
                StandardCharsets.UTF_8);
        String kid = header.replaceAll(".*\"kid\":\"([^\"]+)\".*", "$1");

        assertThat(new SigningKeysApi(client).document()).contains("\"kid\":\"" + kid + "\"", "\"RS256\"");
    }

    @Test
    void aNameChangedThroughTheApiIsTheNameEverywhere() {
        UsersApi users = new UsersApi(client);

        WorkOsUser changed =
                users.update(ada, UserChange.nothing().firstName("Adaeze").lastName(null));

        assertThat(changed.firstName()).isEqualTo("Adaeze");
        assertThat(changed.lastName()).isNull();
        assertThat(users.find(ada).orElseThrow()).isEqualTo(changed);
        assertThat(allEvents()).last().satisfies(event -> {
            assertThat(((UserEvent) event).change()).isEqualTo(ObjectChange.UPDATED);
            assertThat(((UserEvent) event).user().firstName()).isEqualTo("Adaeze");
        });
    }

    @Test
    void whatIsNotThereIsAbsentAndNotAFailure() {
        assertThat(new UsersApi(client).find(new UserId("user_unknown"))).isEmpty();
        assertThat(new OrganizationsApi(client).find(new OrganizationId("org_unknown")))
                .isEmpty();
        assertThat(new MembershipsApi(client).find(new MembershipId("om_unknown")))
                .isEmpty();
    }

    @Test
    void walksFindEverythingOnceAndOldestFirst() {
        List<UserId> expected = new ArrayList<>(List.of(ada));
        for (int i = 0; i < 230; i++) {
            expected.add(workos.createUser(NewUser.named("user" + i + "@acme.test", "User", "No " + i)));
        }
        UsersApi users = new UsersApi(client.at(Priority.BACKFILL));
        List<UserId> walked = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Page<WorkOsUser> page = users.page(cursor.orElse(null));
            page.items().forEach(user -> walked.add(user.id()));
            assertThat(page.unreadable()).isEmpty();
            cursor = page.next();
        } while (cursor.isPresent());

        assertThat(walked).isEqualTo(expected);
        assertThat(new OrganizationsApi(client).page(null).items())
                .extracting(WorkOsOrganization::id)
                .containsExactly(acme);
    }

    @Test
    void membershipsAreListedInEitherScopeAndInTheStatusesAskedFor() {
        MembershipsApi memberships = new MembershipsApi(client);
        workos.deactivateMember(membership);

        assertThat(memberships.ofUser(ada, List.of("active"), null).items()).isEmpty();
        WorkOsMembership found = memberships
                .ofOrganization(acme, MembershipsApi.EVERY_STATUS, null)
                .items()
                .getFirst();
        assertThat(found.id()).isEqualTo(membership);
        assertThat(found.status()).isEqualTo("inactive");
        assertThat(found.roles()).containsExactly(ADMIN);
        assertThat(found.organizationName()).isEqualTo("Acme Robotics");
        assertThat(memberships.ofUser(ada, MembershipsApi.EVERY_STATUS, null).items())
                .containsExactly(found);
    }

    @Test
    void theTailReadsEveryEventOnceInOrderAcrossPages() {
        for (int i = 0; i < 130; i++) {
            workos.renameUser(ada, "Ada " + i, "Osei");
        }
        workos.changeRole(membership, VIEWER);
        workos.revokeSession(workos.signIn(ada, acme).session());
        workos.deleteUser(ada);

        List<WorkOsEvent> read = allEvents();

        assertThat(read)
                .extracting(event -> event.id().value())
                .containsExactlyElementsOf(workos.events().stream()
                        .map(EventRecord::id)
                        .map(Object::toString)
                        .toList());
        assertThat(read).hasSizeGreaterThan(135);
        assertThat(read)
                .filteredOn(MembershipEvent.class::isInstance)
                .extracting(event -> ((MembershipEvent) event).change())
                .containsExactly(ObjectChange.CREATED, ObjectChange.UPDATED, ObjectChange.DELETED);
        assertThat(read)
                .filteredOn(SessionEvent.class::isInstance)
                .extracting(event -> ((SessionEvent) event).kind())
                .containsExactly(SessionEvent.Kind.CREATED, SessionEvent.Kind.REVOKED);
    }

    @Test
    void whatWorkOsHoldsBackIsReadLaterAndNeverSkipped() {
        EventsApi events = new EventsApi(client.at(Priority.TAIL));
        clock.advance(Duration.ofSeconds(10));
        EventPage before = events.page(EventTypes.recognised(), new Start.Oldest());
        Start cursor = new Start.After(before.after().orElseThrow());
        workos.renameUser(ada, "Adaeze", "Osei");

        assertThat(events.page(EventTypes.recognised(), cursor).events()).isEmpty();
        clock.advance(Duration.ofSeconds(10));

        assertThat(events.page(EventTypes.recognised(), cursor).events()).hasSize(1);
        assertThat(events.page(
                                EventTypes.recognised(),
                                new Start.From(clock.instant().minusSeconds(15)))
                        .events())
                .hasSize(1);
    }

    @Test
    void aWebhookOfTheDoubleIsVerifiedAndMeansWhatTheEventsApiSays() throws IOException {
        try (FakeWorkOs receiver = FakeWorkOs.start()) {
            receiver.answers(200, "{}");
            workos.deliverWebhooksTo(URI.create(receiver.url() + "/hook"));
            workos.renameUser(ada, "Zoë", "東京 🚀");
            await().until(() -> !receiver.asked().isEmpty());
            FakeWorkOs.Asked hook = receiver.asked().getFirst();
            byte[] body = hook.body().getBytes(StandardCharsets.UTF_8);

            WebhookSignature signature =
                    new WebhookSignature(List.of(new WebhookSecret(workos.webhookSecret())), clock);
            assertThat(signature.verify(body, List.of(hook.headers().get("Workos-signature"))))
                    .isInstanceOf(Verified.class);
            UserEvent event = (UserEvent) new EventDecoder().decode(body);
            assertThat(event.user().firstName()).isEqualTo("Zoë");
            assertThat(allEvents()).last().isEqualTo(event);
        }
    }

    @Test
    void anOutageDeniesNobodyAndPasses() {
        AuthenticationApi authentication = new AuthenticationApi(client);
        SignedIn signedIn = workos.signIn(ada, acme);

        workos.faults().failNext("/user_management/authenticate", 502, 1);
        assertThat(authentication.withRefreshToken(signedIn.refreshToken(), null, Visitor.UNKNOWN))
                .isEqualTo(new CannotTell(new Unavailable(502, 1)));
        workos.faults().goDark();
        assertThat(authentication.withRefreshToken(signedIn.refreshToken(), null, Visitor.UNKNOWN))
                .isEqualTo(new CannotTell(new Unreachable("connection lost", 1)));
        workos.faults().comeBack();
        workos.faults().failNext("/user_management/users", 429, 1, Duration.ofSeconds(1));

        assertThat(new UsersApi(client).find(ada)).isPresent();
        assertThat(refreshed(authentication, signedIn.refreshToken(), null)
                        .user()
                        .id())
                .isEqualTo(ada);
    }

    @Test
    void aWrongKeyIsOurMistakeAndDeniesNobody() {
        SignedIn signedIn = workos.signIn(ada, acme);
        try (WorkOsClient stranger = open("sk_test_of_somebody_else")) {
            AuthenticationOutcome outcome =
                    new AuthenticationApi(stranger).withRefreshToken(signedIn.refreshToken(), null, Visitor.UNKNOWN);

            assertThat(((CannotTell) outcome).problem().code()).isEqualTo("WORKOS_KEY_REFUSED");
        }
        assertThat(refreshed(new AuthenticationApi(client), signedIn.refreshToken(), null))
                .isNotNull();
    }

    private WorkOsClient open(String key) {
        WorkOsSettings settings =
                WorkOsSettings.of(new ApiKey(key), workos.clientId()).withBaseUrl(workos.baseUrl());
        return Clients.open(settings, clock, new ArrayList<>(), Clients.budget());
    }

    private List<WorkOsEvent> allEvents() {
        clock.advance(Duration.ofSeconds(10));
        EventsApi events = new EventsApi(client.at(Priority.TAIL));
        List<WorkOsEvent> read = new ArrayList<>();
        Start start = new Start.Oldest();
        EventPage page;
        do {
            page = events.page(EventTypes.recognised(), start);
            page.events().stream().map(RawEvent::decoded).forEach(event -> read.add((WorkOsEvent) event));
            start = page.after().<Start>map(Start.After::new).orElse(start);
        } while (page.more());
        return read;
    }

    private static AuthenticationAnswer refreshed(
            AuthenticationApi authentication, String token, OrganizationId organization) {
        AuthenticationOutcome outcome = authentication.withRefreshToken(token, organization, Visitor.UNKNOWN);
        assertThat(outcome).isInstanceOf(Authenticated.class);
        return ((Authenticated) outcome).answer();
    }

    /** Does what a browser would: sends the form of the login page and takes the code out of the redirect. */
    private String codeOfTheLoginPage() throws IOException, InterruptedException {
        URI authorize = URI.create(workos.baseUrl() + "/user_management/authorize?response_type=code&provider=authkit"
                + "&code_challenge_method=S256&state=s&client_id=" + workos.clientId() + "&code_challenge="
                + challenge() + "&redirect_uri="
                + URLEncoder.encode("http://127.0.0.1:3000/api/auth/callback", StandardCharsets.UTF_8));
        HttpRequest form = HttpRequest.newBuilder(authorize)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("action=sign-in&email=ada%40acme.test"))
                .build();
        try (HttpClient browser = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = browser.send(form, HttpResponse.BodyHandlers.ofString());
            String target = answer.headers().firstValue("Location").orElseThrow();
            return target.replaceAll(".*[?&]code=([^&]+).*", "$1");
        }
    }

    private static String challenge() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
