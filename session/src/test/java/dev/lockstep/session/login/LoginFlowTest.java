package dev.lockstep.session.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.kit.TokenMint;
import dev.lockstep.session.problem.SessionProblem;
import dev.lockstep.session.sealing.PurposeSeal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginFlowTest {
    private final LoginKit kit = new LoginKit();

    @Test
    void aLoginComesBackToWhereThePersonWantedToGo() {
        String state = kit.beginAndGetState();
        assertThat(kit.jar).containsOnlyKeys(FlowCookie.nameFor(state)).containsValue(state);
        LoginOutcome.SignedIn signedIn = signedIn(kit.comeBack(state));
        assertThat(signedIn.returnPath()).isEqualTo("/dashboard");
        assertThat(signedIn.token().user().value()).isEqualTo("user_1");
        assertThat(kit.jar).isEmpty();
        CodeExchange.Grant grant = kit.exchange.grants.getFirst();
        assertThat(grant.code()).isEqualTo("code_1");
        assertThat(grant.ipAddress()).isEqualTo("192.0.2.7");
        assertThat(grant).hasToString("Grant[]");
    }

    @Test
    void theVerifierSentIsTheOneWhoseChallengeWentOut() {
        LoginStart start = kit.begin(LoginRequest.to("/"));
        Map<String, List<String>> sent = LoginKit.query(start.authorizeUrl());
        kit.comeBack(sent.get("state").getFirst());
        assertThat(sent.get("code_challenge"))
                .containsExactly(
                        PendingLogins.challenge(kit.exchange.grants.getFirst().codeVerifier()));
        assertThat(PendingLogins.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
                .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    @Test
    void noAttemptEverRepeatsAndEachCarriesItsChallenge() {
        var states = new HashSet<String>();
        var challenges = new HashSet<String>();
        for (int i = 0; i < 10_000; i++) {
            Map<String, List<String>> sent = LoginKit.query(
                    kit.flow.begin(LoginRequest.to("/"), List.of()).authorizeUrl());
            assertThat(sent.get("code_challenge_method")).containsExactly("S256");
            assertThat(sent.get("code_challenge").getFirst()).hasSize(43);
            states.add(sent.get("state").getFirst());
            challenges.add(sent.get("code_challenge").getFirst());
        }
        assertThat(states).hasSize(10_000);
        assertThat(challenges).hasSize(10_000);
    }

    @Test
    void aBrowserThatDidNotBeginTheAttemptIsRefusedWithoutACall() {
        String attackers = kit.beginAndGetState();
        kit.jar.clear();
        assertRefused(kit.comeBack(attackers), LoginFault.PKCE_COOKIE_MISSING);
    }

    @Test
    void aStateThatDiffersFromTheCookieIsRefusedAndTheCookieDropped() {
        String state = kit.beginAndGetState();
        String other = state.replace("~2", "~3");
        kit.jar.put(FlowCookie.nameFor(other), state);
        LoginOutcome outcome = kit.comeBack(other);
        assertRefused(outcome, LoginFault.STATE_MISMATCH);
        assertThat(kit.jar).doesNotContainKey(FlowCookie.nameFor(other));
    }

    @Test
    void theSameWayBackTwiceIsOneSignInAndOneRefusal() {
        String state = kit.beginAndGetState();
        String name = FlowCookie.nameFor(state);
        signedIn(kit.comeBack(state));
        assertRefused(kit.comeBack(state), LoginFault.PKCE_COOKIE_MISSING, 1);
        kit.jar.put(name, state);
        assertRefused(kit.comeBack(state), LoginFault.STATE_REPLAYED, 1);
        assertThat(kit.exchange.calls.get()).isOne();
    }

    @Test
    void twentyThreadsWithOneCodeMakeOneSessionEachRound() throws Exception {
        for (int round = 0; round < 10; round++) {
            String state = kit.beginAndGetState();
            var request = new CallbackRequest(
                    Map.of("code", List.of("c"), "state", List.of(state)), kit.cookieHeaders(), null, null);
            var together = new CyclicBarrier(20);
            var outcomes = new ArrayList<Future<LoginOutcome>>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 20; i++) {
                    outcomes.add(threads.submit(() -> {
                        together.await();
                        return kit.flow.complete(request);
                    }));
                }
            }
            int sessions = 0;
            for (var outcome : outcomes) {
                sessions += outcome.get() instanceof LoginOutcome.SignedIn ? 1 : 0;
            }
            assertThat(sessions).isOne();
        }
        assertThat(kit.exchange.calls.get()).isEqualTo(10);
    }

    @Test
    void anAttemptIsGoodForTenMinutesAndNotASecondMore() {
        String inTime = kit.beginAndGetState();
        String late = kit.beginAndGetState();
        kit.session.clock.advance(Duration.ofSeconds(600));
        signedIn(kit.comeBack(inTime));
        kit.session.clock.advance(Duration.ofSeconds(1));
        LoginOutcome outcome = kit.comeBack(late);
        assertRefused(outcome, LoginFault.STATE_EXPIRED, 1);
        assertThat(kit.jar).isEmpty();
    }

    @Test
    void anAttemptFromTheFutureIsRefused() {
        String state = kit.beginAndGetState();
        kit.session.clock.advance(Duration.ofSeconds(-61));
        assertRefused(kit.comeBack(state), LoginFault.STATE_EXPIRED);
    }

    @Test
    void anAttackersCodeIsSentWithTheVictimsVerifierAndRefusedByWorkOs() {
        String state = kit.beginAndGetState();
        kit.exchange.refuse = new CodeExchange.Refused("invalid_grant");
        LoginOutcome outcome = kit.comeBack(Map.of("code", List.of("stolen"), "state", List.of(state)));
        assertThat(outcome)
                .isEqualTo(new LoginOutcome.Refused(
                        LoginFault.CODE_REFUSED,
                        "invalid_grant",
                        List.of(kit.session.cookies.clearFlow(FlowCookie.nameFor(state)))));
        assertThat(kit.jar).isEmpty();
    }

    static Stream<Arguments> brokenWaysBack() {
        return Stream.of(
                arguments(Map.of(), LoginFault.MISSING_AUTH_PARAMS),
                arguments(Map.of("state", List.of("s")), LoginFault.MISSING_AUTH_PARAMS),
                arguments(Map.of("code", List.of(""), "state", List.of("")), LoginFault.MISSING_AUTH_PARAMS),
                arguments(Map.of("code", List.of("a", "b"), "state", List.of("s")), LoginFault.PARAMETER_REPEATED),
                arguments(Map.of("code", List.of("a"), "state", List.of("s", "s")), LoginFault.PARAMETER_REPEATED),
                arguments(Map.of("error", List.of("a", "a")), LoginFault.PARAMETER_REPEATED),
                arguments(Map.of("code", List.of("a"), "iss", List.of("x", "y")), LoginFault.PARAMETER_REPEATED),
                arguments(Map.of("error", List.of("access_denied")), LoginFault.ACCESS_DENIED),
                arguments(Map.of("error", List.of("<script>"), "code", List.of("a")), LoginFault.PROVIDER_ERROR),
                arguments(
                        Map.of("code", List.of("a"), "state", List.of("x".repeat(300))),
                        LoginFault.PKCE_COOKIE_MISSING));
    }

    @ParameterizedTest
    @MethodSource("brokenWaysBack")
    void aBrokenWayBackIsRefusedWithoutACall(Map<String, List<String>> parameters, LoginFault fault) {
        kit.beginAndGetState();
        assertRefused(kit.comeBack(parameters), fault);
    }

    @Test
    void whatTheProviderSaysIsDroppedUnlessItIsHarmless() {
        String state = kit.beginAndGetState();
        LoginOutcome denied = kit.comeBack(Map.of(
                "error",
                List.of("access_denied"),
                "error_description",
                List.of("<script>alert(1)</script>"),
                "state",
                List.of(state)));
        assertThat(denied.toString()).contains("access_denied").doesNotContain("script");
        assertThat(kit.jar).isEmpty();
        LoginOutcome odd = kit.comeBack(Map.of("error", List.of("<script>")));
        assertThat(((LoginOutcome.Refused) odd).providerCode()).isNull();
    }

    @Test
    void aCodeNobodyHereAskedForIsDiscardedAndLoginBeginsAnew() {
        assertThat(kit.comeBack(Map.of("code", List.of("code_1"))))
                .isEqualTo(new LoginOutcome.RestartLogin("/", List.of()));
        assertThat(kit.exchange.calls.get()).isZero();
    }

    @Test
    void anAnswerFromAnotherIssuerIsRefused() {
        String state = kit.beginAndGetState();
        assertRefused(
                kit.comeBack(
                        Map.of("code", List.of("c"), "state", List.of(state), "iss", List.of("https://evil.test"))),
                LoginFault.ISSUER_MISMATCH);
        String again = kit.beginAndGetState();
        signedIn(kit.comeBack(
                Map.of("code", List.of("c"), "state", List.of(again), "iss", List.of("https://api.workos.com"))));
    }

    @Test
    void aSessionsSealIsNoLoginAttempt() {
        String session = kit.session.cookie(SessionKit.MINT.token(kit.session.clock.instant()));
        kit.jar.put(FlowCookie.nameFor(session), session);
        assertRefused(kit.comeBack(session), LoginFault.STATE_INVALID);
        String other = new PurposeSeal(kit.session.keys, "other", kit.session.clock, kit.session.random)
                .seal("{}".getBytes(StandardCharsets.UTF_8), Duration.ofMinutes(1));
        kit.jar.put(FlowCookie.nameFor(other), other);
        assertRefused(kit.comeBack(other), LoginFault.STATE_INVALID);
    }

    @Test
    void fiveTabsAtOnceAllArrive() {
        var states = new ArrayList<String>();
        for (int tab = 0; tab < 5; tab++) {
            states.add(kit.beginAndGetState());
            kit.session.clock.advance(Duration.ofSeconds(1));
        }
        states.forEach(state -> signedIn(kit.comeBack(state)));
    }

    @Test
    void fiftyAbandonedLoginsNeverFillTheHeadersAndTheNewestSurvive() {
        String newest = "";
        for (int i = 0; i < 50; i++) {
            newest = kit.beginAndGetState();
            kit.session.clock.advance(Duration.ofSeconds(1));
            assertThat(kit.jar).hasSizeLessThanOrEqualTo(5);
            assertThat(String.join("", kit.cookieHeaders()).length()).isLessThan(4_000);
        }
        signedIn(kit.comeBack(newest));
        assertThat(kit.flow.dropPending(kit.cookieHeaders())).hasSize(4);
    }

    @Test
    void unreadableAttemptsAreDroppedBeforeReadableOnes() {
        String mine = kit.beginAndGetState();
        for (int i = 0; i < 10; i++) {
            kit.jar.put(FlowCookie.PREFIX + "0000000" + i, "planted");
        }
        kit.session.clock.advance(Duration.ofSeconds(1));
        kit.beginAndGetState();
        assertThat(kit.jar).hasSize(5).containsKey(FlowCookie.nameFor(mine));
    }

    @Test
    void aLongReturnPathNeverMakesACookieThatBrowsersDrop() {
        for (int length : new int[] {10, 500, 900, 1023, 1024, 5000}) {
            LoginStart start = kit.begin(LoginRequest.to("/" + "p".repeat(length - 1)));
            assertThat(start.setCookies().getFirst().length()).isLessThan(2_300);
        }
    }

    @Test
    void aReturnPathThatGrowsWhenWrittenDownIsDroppedBeforeTheStateGrowsTooLong() {
        LoginStart start = kit.begin(LoginRequest.to("/?" + "\\".repeat(1000)));
        String state = LoginKit.query(start.authorizeUrl()).get("state").getFirst();
        assertThat(state.length()).isLessThanOrEqualTo(LoginFlow.LONGEST_STATE);
        assertThat(signedIn(kit.comeBack(state)).returnPath()).isEqualTo("/");
    }

    @Test
    void twoCookiesOfOneAttemptAreRefused() {
        String state = kit.beginAndGetState();
        List<String> twice =
                List.of(kit.cookieHeaders().getFirst(), kit.cookieHeaders().getFirst());
        var request = new CallbackRequest(Map.of("code", List.of("c"), "state", List.of(state)), twice, null, null);
        assertRefused(kit.flow.complete(request), LoginFault.PKCE_COOKIE_REPEATED);
    }

    @Test
    void workOsOutOfReachKeepsTheAttemptForOneMoreTry() {
        String state = kit.beginAndGetState();
        kit.exchange.unavailable = new CodeExchange.Unavailable("refused", false, Duration.ofSeconds(3));
        assertThat(kit.comeBack(state)).isEqualTo(new LoginOutcome.Unavailable("refused", Duration.ofSeconds(3)));
        assertThat(kit.jar).hasSize(1);
        kit.exchange.unavailable = null;
        signedIn(kit.comeBack(state));
    }

    @Test
    void aCodeThatMayHaveArrivedIsNeverSentAgain() {
        String state = kit.beginAndGetState();
        kit.exchange.unavailable = new CodeExchange.Unavailable("timed out", true, null);
        assertThat(kit.comeBack(state)).isInstanceOf(LoginOutcome.Unavailable.class);
        kit.exchange.unavailable = null;
        assertThat(kit.comeBack(state))
                .isInstanceOfSatisfying(
                        LoginOutcome.RestartLogin.class,
                        restart -> assertThat(restart.returnPath()).isEqualTo("/dashboard"));
        assertThat(kit.exchange.calls.get()).isOne();
    }

    @Test
    void aTokenThatDoesNotHoldMakesNoSession() {
        kit.exchange.mint = TokenMint.withKey("key_1");
        assertRefused(kit.comeBack(kit.beginAndGetState()), LoginFault.TOKEN_REFUSED, 1);
        kit.exchange.mint = SessionKit.MINT;
        kit.exchange.user = "user_2";
        assertRefused(kit.comeBack(kit.beginAndGetState()), LoginFault.USER_MISMATCH, 2);
    }

    @Test
    void keysOutOfReachDoNotCostTheLogin() {
        kit.session.keySource.goDown();
        signedIn(kit.comeBack(kit.beginAndGetState()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ftp://x.test", "//x.test", "https://u@x.test/", "not an address"})
    void settingsThatCannotWorkAreRefused(String address) {
        assertThatExceptionOfType(SessionProblem.class)
                .isThrownBy(() -> new LoginSettings(address, "", address, java.util.Set.of()))
                .satisfies(problem -> assertThat(problem.reasons()).hasSize(4));
    }

    private static LoginOutcome.SignedIn signedIn(LoginOutcome outcome) {
        assertThat(outcome).isInstanceOf(LoginOutcome.SignedIn.class);
        return (LoginOutcome.SignedIn) outcome;
    }

    private void assertRefused(LoginOutcome outcome, LoginFault fault) {
        assertRefused(outcome, fault, 0);
    }

    private void assertRefused(LoginOutcome outcome, LoginFault fault, int calls) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        LoginOutcome.Refused.class,
                        refused -> assertThat(refused.fault()).isEqualTo(fault));
        assertThat(kit.exchange.calls.get()).isEqualTo(calls);
    }

    @Test
    void whatTheApplicationGaveAlongComesBackSealedAndUnchanged() {
        LoginStart start = kit.begin(LoginRequest.to("/here").withAppState("cart=42"));
        assertThat(start.authorizeUrl()).doesNotContain("cart");
        String state = LoginKit.query(start.authorizeUrl()).get("state").getFirst();
        var signedIn = (LoginOutcome.SignedIn) kit.comeBack(state);
        assertThat(signedIn.appState()).isEqualTo("cart=42");
        assertThat(signedIn.returnPath()).isEqualTo("/here");
    }

    @Test
    void anAttemptMayComeBackToAnotherCallbackOfOursAndGoesOnThere() {
        LoginStart start =
                kit.begin(LoginRequest.to("/here").withRedirectUri("https://acme.app.example.test/callback"));
        var sent = LoginKit.query(start.authorizeUrl());
        assertThat(sent.get("redirect_uri")).containsExactly("https://acme.app.example.test/callback");
        var signedIn = (LoginOutcome.SignedIn) kit.comeBack(sent.get("state").getFirst());
        assertThat(signedIn.origin()).isEqualTo("https://acme.app.example.test");
        assertThat(signedIn.returnPath()).isEqualTo("/here");
        var usual = (LoginOutcome.SignedIn) kit.comeBack(kit.beginAndGetState());
        assertThat(usual.origin()).isNull();
    }

    @Test
    void anAttemptNeverComesBackToAnAddressThatIsNotListed() {
        for (String address : List.of(
                "https://evil.test/callback",
                "https://acme.app.example.test/callback?next=evil",
                "https://acme.app.example.test/callback/",
                "https://acme.app.example.test.evil.test/callback")) {
            assertThatThrownBy(() -> kit.begin(LoginRequest.to("/").withRedirectUri(address)))
                    .isInstanceOf(dev.lockstep.session.problem.SessionProblem.class)
                    .hasMessageContaining("SESSION_LOGIN_REQUEST_INVALID")
                    .message()
                    .doesNotContain("evil");
        }
    }

    @Test
    void aStateThatWouldNotFitIntoACookieIsTheProgramsFault() {
        LoginRequest wish = LoginRequest.to("/").withAppState("x".repeat(1024)).withAppState("é".repeat(1020));
        assertThatThrownBy(() -> kit.begin(wish))
                .isInstanceOf(dev.lockstep.session.problem.SessionProblem.class)
                .hasMessageContaining("SESSION_LOGIN_REQUEST_INVALID");
    }
}
