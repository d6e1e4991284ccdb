package dev.lockstep.workos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import dev.lockstep.workos.WorkOsProblem.RateLimited;
import dev.lockstep.workos.WorkOsProblem.Refused;
import dev.lockstep.workos.WorkOsProblem.UnauthorizedKey;
import dev.lockstep.workos.WorkOsProblem.Unavailable;
import dev.lockstep.workos.WorkOsProblem.Unreachable;
import dev.lockstep.workos.object.WorkOsUser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class WorkOsClientTest {
    private static final Call GET = Call.get("/things");
    private static final String HTML = "<html><body>Bad gateway</body></html>";

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final List<Duration> pauses = new ArrayList<>();
    private FakeWorkOs workos;
    private WorkOsClient client;

    @BeforeEach
    void start() throws IOException {
        workos = FakeWorkOs.start();
        client = open(Clients.settings(workos.url()));
    }

    @AfterEach
    void stop() {
        client.close();
        workos.close();
    }

    @Test
    void aCallCarriesTheKeyAndItsQueryEncoded() {
        workos.answers(200, "{}", "Date", "Sat, 21 Nov 2026 10:00:05 GMT");

        Answer answer = client.send(GET.with("events", "a,b").with("after", "x&y=z"));

        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("{}");
        assertThat(answer.date()).isNotNull();
        FakeWorkOs.Asked asked = workos.asked().getFirst();
        assertThat(asked.method()).isEqualTo("GET");
        assertThat(asked.query()).isEqualTo("events=a%2Cb&after=x%26y%3Dz");
        assertThat(asked.headers()).containsEntry("Authorization", "Bearer " + Clients.KEY);
    }

    @Test
    void everyTryIsCountedByHowItEndedWhicheverSiblingMadeIt() {
        workos.answers(200, "{}").answers(503, HTML).answers(200, "{}").answers(404, "{}");

        client.send(GET);
        client.at(Priority.BACKFILL).send(GET);
        assertThatThrownBy(() -> client.within(Timeouts.DEFAULT).send(GET)).isInstanceOf(WorkOsException.class);

        CallTally calls = client.calls();
        assertThat(calls.count(CallTally.End.ANSWERED)).isEqualTo(2);
        assertThat(calls.count(CallTally.End.UNAVAILABLE)).isEqualTo(1);
        assertThat(calls.count(CallTally.End.REFUSED)).isEqualTo(1);
        assertThat(calls.count(CallTally.End.UNREACHABLE)).isZero();
    }

    @Test
    void anIdCannotLeaveItsSegmentOfThePath() {
        workos.answers(200, "{}");

        client.send(Call.get("/users/" + Call.segment("../a b?c/d")));

        assertThat(workos.asked().getFirst().path()).isEqualTo("/users/%2E%2E%2Fa%20b%3Fc%2Fd");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504})
    void aRepeatableCallIsTriedAgainWithGrowingPauses(int status) {
        workos.answers(status, HTML).answers(status, HTML).answers(200, "{}");

        client.send(GET);

        assertThat(workos.asked()).hasSize(3);
        assertThat(pauses).hasSize(2);
        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
        assertThat(pauses.get(1)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @Test
    void theTriesEnd() {
        workos.answers(502, HTML)
                .answers(502, HTML)
                .answers(502, HTML)
                .answers(502, HTML)
                .answers(200, "{}");

        assertThat(problem(GET)).isEqualTo(new Unavailable(502, 4));
        assertThat(workos.asked()).hasSize(4);
    }

    @Test
    void aLostConnectionIsTriedAgain() {
        workos.hangsUp().answers(200, "{}");

        client.send(Call.put("/things", json()));

        assertThat(workos.asked()).hasSize(2);
    }

    @Test
    void aPostIsSentOnce() {
        workos.answers(503, HTML).answers(200, "{}");

        assertThat(problem(Call.post("/things", json()))).isEqualTo(new Unavailable(503, 1));
        assertThat(workos.asked()).hasSize(1);
    }

    @Test
    void aPostWhoseAnswerIsLostIsNotSentAgain() {
        workos.hangsUp().answers(200, "{}");

        assertThat(problem(Call.post("/things", json()))).isEqualTo(new Unreachable("connection lost", 1));
        assertThat(workos.asked()).hasSize(1);
    }

    @Test
    void retryAfterIsObeyedInBothForms() {
        workos.answers(429, "{}", "Retry-After", "2")
                .answers(503, "", "Retry-After", "Sat, 21 Nov 2026 10:00:07 GMT")
                .answers(200, "{}");

        client.send(GET);

        assertThat(pauses).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(5));
    }

    @Test
    void aRetryAfterOfAnHourIsCappedAndNotWaitedForBeyondTheDeadline() {
        workos.answers(429, "{}", "Retry-After", "3600").answers(200, "{}");

        assertThat(problem(GET)).isEqualTo(new RateLimited(Duration.ofMinutes(1)));
        assertThat(workos.asked()).hasSize(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void a429SlowsTheSharedBudgetDown() {
        RateBudget budget = Clients.budget();
        workos.answers(429, "{}", "Retry-After", "0").answers(200, "{}");

        Clients.open(Clients.settings(workos.url()), clock, pauses, budget).send(GET);

        assertThat(budget.ratePerSecond()).isLessThan(9_000);
    }

    @Test
    void a429OnACallThatIsCountedPerPersonSlowsNobodyElseDown() {
        RateBudget budget = Clients.budget();
        workos.answers(429, "{}", "Retry-After", "60");
        WorkOsClient other = Clients.open(Clients.settings(workos.url()), clock, pauses, budget);

        catchThrowableOfType(
                WorkOsException.class, () -> other.send(Call.post("/a", json()).withOwnLimit()));

        assertThat(budget.ratePerSecond()).isEqualTo(10_000);
    }

    @Test
    void onlyACallThatCertainlyDidNothingIsSaidToHaveDoneNothing() {
        workos.answers(400, "{\"error\":\"invalid_grant\"}")
                .answers(429, "{}")
                .answers(401, "{}")
                .answers(502, HTML)
                .hangsUp()
                .answers(302, "");
        Call post = Call.post("/things", json());
        List<Boolean> happened = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            happened.add(problem(post).mayHaveHappened());
        }

        assertThat(happened).containsExactly(false, false, false, true, true, true);
        assertThat(new Unreachable("connect", 1).mayHaveHappened()).isFalse();
    }

    @Test
    void aRefusalCarriesTheCodeAndIsNotTriedAgain() {
        workos.answers(400, "{\"error\":\"invalid_grant\",\"error_description\":\"the code 'secret' has expired\"}");

        WorkOsException thrown = catchThrowableOfType(WorkOsException.class, () -> client.send(GET));

        assertThat(thrown.problem()).isEqualTo(new Refused(400, "invalid_grant"));
        assertThat(thrown).hasMessageNotContaining("secret");
        assertThat(workos.asked()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "422; {\"code\":\"unprocessable_entity\"}; unprocessable_entity",
                "404; {\"message\":\"none\"};",
                "403; {\"error\":\"Ada Osei <ada@acme.test>\"};",
                "409; {\"error\":7,\"code\":\"taken\"}; taken"
            })
    void onlyWhatLooksLikeACodeIsTakenForOne(int status, String body, String code) {
        workos.answers(status, body);

        assertThat(problem(GET)).isEqualTo(new Refused(status, code));
    }

    @Test
    void ourOwnBadKeyIsNotAVerdictOnAnybody() {
        workos.answers(401, "{\"message\":\"Unauthorized\"}")
                .answers(401, HTML)
                .answers(400, "{\"error\":\"invalid_client\"}");

        assertThat(problem(GET)).isEqualTo(new UnauthorizedKey(401));
        assertThat(problem(GET)).isEqualTo(new UnauthorizedKey(401));
        assertThat(problem(GET)).isEqualTo(new UnauthorizedKey(400));
        assertThat(new UnauthorizedKey(401).isTransient()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 410})
    void aRefusalThatWorkOsDidNotWriteIsNotARefusal(int status) {
        workos.answers(status, HTML);

        assertThat(problem(GET)).isInstanceOf(MalformedAnswer.class);
    }

    @Test
    void anAbsentObjectIsOneThatWorkOsItselfCallsAbsent() {
        workos.answers(404, "{\"code\":\"entity_not_found\"}")
                .answers(404, HTML)
                .answers(404, "{\"message\":\"Cannot GET /things\",\"error\":\"Not Found\"}")
                .answers(200, HTML)
                .answers(200, "{}");

        assertThat(Lookup.find(client, GET, WorkOsUser::from)).isEmpty();
        for (int i = 0; i < 4; i++) {
            WorkOsException thrown =
                    catchThrowableOfType(WorkOsException.class, () -> Lookup.find(client, GET, WorkOsUser::from));
            assertThat(thrown.problem()).isInstanceOf(MalformedAnswer.class);
        }
    }

    @Test
    void aRedirectIsNotFollowedSoTheKeyGoesNowhereElse() throws IOException {
        try (FakeWorkOs elsewhere = FakeWorkOs.start()) {
            workos.answers(302, "", "Location", elsewhere.url() + "/things");

            assertThat(problem(GET)).isInstanceOf(MalformedAnswer.class);
            assertThat(elsewhere.asked()).isEmpty();
        }
    }

    @Test
    void anEndlessAnswerIsCutOff() {
        client.close();
        client = open(Clients.settings(workos.url()).withMaxAnswerBytes(100_000));
        workos.sendsWithoutEnd();

        assertThat(problem(GET)).isEqualTo(new MalformedAnswer("the answer is longer than 100000 bytes"));
    }

    @Test
    void anAnswerThatStallsRunsIntoTheTimeout() {
        client.close();
        client = open(Clients.settings(workos.url())
                .withTimeouts(new Timeouts(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(30))));
        workos.stallsAfterTheHead();

        assertThat(problem(Call.post("/things", json()))).isEqualTo(new Unreachable("timeout", 1));
    }

    @Test
    void aServerThatIsNotThereIsUnreachable() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        client.close();
        client = open(Clients.settings(URI.create("http://127.0.0.1:" + free)));

        assertThat(problem(GET)).isEqualTo(new Unreachable("connect", 4));
    }

    @Test
    void anInterruptEndsTheCallAndStaysSet() {
        Thread.currentThread().interrupt();

        assertThat(problem(GET)).isEqualTo(new Unreachable("interrupted", 1));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(workos.asked()).isEmpty();
    }

    @Test
    void withoutABudgetNothingIsSent() {
        RateBudget dry = new RateBudget(0.001, 1, System::nanoTime);
        client.close();
        client = Clients.open(
                Clients.settings(workos.url())
                        .withTimeouts(
                                new Timeouts(Duration.ofSeconds(1), Duration.ofMillis(20), Duration.ofMillis(20))),
                clock,
                pauses,
                dry);
        workos.answers(200, "{}");
        client.send(GET);

        assertThat(problem(GET)).isInstanceOf(RateLimited.class);
        assertThat(workos.asked()).hasSize(1);
    }

    @Test
    void theKeyIsInNoLogMessageOrText() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.TRACE);
        try {
            ObjectNode secret = json().put("refresh_token", "rt_secret");
            workos.answers(503, "{\"refresh_token\":\"rt_secret\"}").hangsUp();
            for (Call call : List.of(Call.post("/a", secret), Call.post("/b", secret))) {
                WorkOsException thrown = catchThrowableOfType(WorkOsException.class, () -> client.send(call));
                assertThat(thrown.toString()).doesNotContain(Clients.KEY, "rt_secret");
            }
            client.send(workosAnswers());
        } finally {
            root.setLevel(before);
            root.detachAppender(log);
        }
        assertThat(log.list)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.getFormattedMessage())
                        .doesNotContain(Clients.KEY, "rt_secret", "who@acme.test"));
        assertThat(client + " " + client.settings()).doesNotContain(Clients.KEY);
    }

    private Call workosAnswers() {
        workos.answers(503, "{}").answers(200, "{}");
        return GET.with("email", "who@acme.test");
    }

    private WorkOsClient open(WorkOsSettings settings) {
        return Clients.open(settings, clock, pauses, Clients.budget());
    }

    private static ObjectNode json() {
        return JsonNodeFactory.instance.objectNode();
    }

    private WorkOsProblem problem(Call call) {
        return catchThrowableOfType(WorkOsException.class, () -> client.send(call))
                .problem();
    }
}
