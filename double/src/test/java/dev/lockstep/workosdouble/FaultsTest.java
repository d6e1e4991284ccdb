package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.testing.SettableClock;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class FaultsTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private WebhookReceiver receiver;
    private WorkOsDouble workos;
    private Caller caller;

    @BeforeEach
    void start() throws Exception {
        receiver = new WebhookReceiver();
        workos = WorkOsDouble.start(DoubleSettings.builder().clock(clock).build());
        workos.deliverWebhooksTo(receiver.uri());
        caller = new Caller(workos);
    }

    @AfterEach
    void stop() {
        caller.close();
        workos.close();
        receiver.close();
    }

    @Test
    void aWrongSignatureIsNotTheOneOfTheSecret() throws Exception {
        workos.faults().next(1, new Fault.WrongSignature());
        workos.createOrganization("First");
        WebhookReceiver.Arrival arrival = receiver.take();
        assertThat(arrival.signature())
                .isNotEqualTo(WebhookSignature.header(workos.webhookSecret(), clock.instant(), arrival.body()));
        workos.createOrganization("Second");
        WebhookReceiver.Arrival next = receiver.take();
        assertThat(next.signature())
                .isEqualTo(WebhookSignature.header(workos.webhookSecret(), clock.instant(), next.body()));
    }

    @Test
    void aSkewedWebhookIsSignedAtAnotherTime() throws Exception {
        workos.faults().next(1, new Fault.Skew(Duration.ofMinutes(-4)));
        workos.createOrganization("First");
        assertThat(receiver.take().time())
                .isEqualTo(clock.instant().minus(Duration.ofMinutes(4)).toEpochMilli());
    }

    @Test
    void aCutWebhookCarriesTheSignatureOfTheWhole() throws Exception {
        workos.faults().next(1, new Fault.CutWebhook());
        workos.createOrganization("First");
        WebhookReceiver.Arrival arrival = receiver.take();
        assertThat(arrival.signature())
                .isNotEqualTo(WebhookSignature.header(workos.webhookSecret(), clock.instant(), arrival.body()));
        assertThatThrownBy(arrival::json).isInstanceOf(tools.jackson.core.JacksonException.class);
    }

    @Test
    void aBurstComesWhenAllAreThere() throws Exception {
        workos.faults().burstNextWebhooks(50);
        for (int i = 0; i < 49; i++) {
            workos.createOrganization("Organization " + i);
        }
        Waiting.until(() -> workos.pendingWebhooks() == 49);
        assertThat(receiver.isEmpty()).isTrue();
        workos.createOrganization("The last");
        assertThat(receiver.take(50))
                .extracting(arrival -> arrival.json().get("id").asString())
                .doesNotHaveDuplicates();
    }

    @Test
    void shuffledWebhooksAllComeInAnotherOrder() throws Exception {
        workos.faults().next(1, new Fault.Hold(20, Fault.Hold.Release.SHUFFLED));
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            made.add(workos.createOrganization("Organization " + i).value());
        }
        List<String> came = receiver.take(20).stream()
                .map(arrival -> arrival.json().get("data").get("id").asString())
                .toList();
        assertThat(came)
                .containsExactlyInAnyOrderElementsOf(made)
                .isNotEqualTo(made)
                .isNotEqualTo(made.reversed());
    }

    @Test
    void retriesCarryTheFirstTimeFromTheMomentThatIsAskedFor() throws Exception {
        workos.faults().retriesCarry(DoubleSettings.WebhookTime.FIRST_ATTEMPT);
        receiver.refuseNext(1);
        workos.createOrganization("First");
        long first = receiver.take().time();
        Waiting.until(() -> workos.deliveries().stream().anyMatch(delivery -> delivery.attempts() == 1));
        clock.advance(Duration.ofSeconds(5));
        assertThat(receiver.take().time()).isEqualTo(first);
    }

    @Test
    void aRateStrikesTheSameWebhooksForTheSameSeed() throws Exception {
        assertThat(struck(42)).isEqualTo(struck(42)).isNotEqualTo(struck(43));
    }

    private Set<Integer> struck(long seed) throws Exception {
        workos.faults().heal();
        workos.faults().atRate(0.2, seed, new Fault.Drop());
        Set<Integer> arrived = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            workos.createOrganization(Integer.toString(i));
        }
        Waiting.until(() -> workos.pendingWebhooks() == 0);
        for (WebhookReceiver.Arrival arrival : receiver.drain()) {
            arrived.add(Integer.parseInt(arrival.json().get("data").get("name").asString()));
        }
        assertThat(arrived).hasSizeBetween(60, 95);
        return arrived;
    }

    @Test
    void whatBecameOfWebhooksIsCounted() throws Exception {
        workos.faults().next(1, new Fault.Drop());
        workos.faults().next(1, new Fault.Duplicate(3));
        workos.createOrganization("Dropped");
        Waiting.until(() -> workos.webhookCounts().dropped() == 1);
        workos.createOrganization("Tripled");
        receiver.take(3);
        Waiting.until(() -> workos.webhookCounts().accepted() == 1);
        assertThat(workos.webhookCounts()).isEqualTo(new WebhookCounts(3, 1, 1, 0));
    }

    @Test
    void anAcceptedWebhookCanBeSentAgain() throws Exception {
        workos.createOrganization("First");
        receiver.take();
        Waiting.until(() -> workos.pendingWebhooks() == 0);
        workos.resendWebhook(workos.events().getFirst().id());
        assertThat(receiver.take().type()).isEqualTo("organization.created");
    }

    @Test
    void aHangingRequestIsLetGoByHealing() throws Exception {
        workos.faults().next(1, new Fault.Hang("/organizations", Duration.ofMinutes(5)));
        CompletableFuture<Throwable> asked = CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError(caller.post("/organizations", "{}").toString());
            } catch (UncheckedIOException e) {
                return e;
            }
        });
        Waiting.until(() -> caller.get("/_double/faults").json().get("armed").isEmpty());
        assertThat(asked).isNotDone();
        workos.faults().heal();
        assertThat(asked.get(20, TimeUnit.SECONDS)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void aHangingRequestEndsWithoutAnAnswerWhenItsTimeIsOver() {
        workos.faults().next(1, new Fault.Hang("/organizations", Duration.ofMillis(50)));
        assertThatThrownBy(() -> caller.post("/organizations", "{}")).isInstanceOf(UncheckedIOException.class);
        assertThat(caller.get("/organizations").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"500, {", "501, {", "502, <html>", "503, <html>", "504, <html>"})
    void aFailingServerAnswersInJsonAndAGatewayInHtml(int status, String beginning) {
        workos.faults().failNext("/organizations", status, 1);
        Caller.Answer answer = caller.get("/organizations");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).startsWith(beginning);
        assertThat(caller.get("/organizations").status()).isEqualTo(200);
    }

    @Test
    void aSlowBodyIsRightInTheEndAndACutOneNever() {
        workos.createOrganization("First");
        workos.faults().next(1, new Fault.SlowBody("/organizations", Duration.ofMillis(200)));
        workos.faults().next(1, new Fault.CutBody("/organizations"));
        long before = System.nanoTime();
        assertThat(caller.get("/organizations").json().get("data")).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(150));
        assertThatThrownBy(() -> caller.get("/organizations")).isInstanceOf(UncheckedIOException.class);
        assertThat(caller.get("/organizations").status()).isEqualTo(200);
    }

    @Test
    void tooManyRequestsMayComeWithoutAWordOfWhen() {
        workos.faults().failNext("/organizations", 429, 1);
        Caller.Answer limited = caller.get("/organizations");
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.headers()).doesNotContainKey("retry-after");
    }

    @Test
    void driftingPagesRepeatOrSkipARow() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            made.add(workos.createOrganization("Organization " + i).value());
        }
        String second = "/organizations?order=asc&limit=2&after=" + made.get(1);
        workos.faults().next(1, new Fault.Drift("/organizations", Fault.Drift.Way.REPEATED));
        assertThat(ids(second)).isEqualTo(made.subList(1, 3));
        workos.faults().next(1, new Fault.Drift("/organizations", Fault.Drift.Way.SKIPPED));
        assertThat(ids(second)).isEqualTo(made.subList(3, 5));
        assertThat(ids(second)).isEqualTo(made.subList(2, 4));
    }

    @ParameterizedTest
    @EnumSource
    void aPoisonedEventIsTheSameInBothChannelsAndSparesTheTruth(Fault.Poison.Damage damage) throws Exception {
        workos.faults().next(1, new Fault.Poison("organization.", damage));
        workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        workos.createOrganization("First");
        JsonNode told = receiver.take(2).stream()
                .filter(arrival -> arrival.type().equals("organization.created"))
                .findFirst()
                .orElseThrow()
                .json()
                .get("data");
        boolean poisoned = switch (damage) {
            case NO_ID -> !told.has("id");
            case WRONG_TYPE -> told.get("id").isArray();
            case NUL_CHARACTER -> told.get("name").asString().equals("a\u0000b");
            case EMPTY -> told.isEmpty();
        };
        assertThat(poisoned).as(told.toString()).isTrue();
        clock.advance(Duration.ofMinutes(1));
        assertThat(caller.get("/events?events=organization.created")
                        .json()
                        .get("data")
                        .get(0)
                        .get("data"))
                .isEqualTo(told);
        assertThat(workos.truth().organizations().getFirst().name()).isEqualTo("First");
    }

    @ParameterizedTest
    @CsvSource({
        "BLANK_SEPARATED, 2026-11-21 10:00:00.000",
        "MICROSECONDS, 2026-11-21T10:00:00.000000Z",
        "OFFSET, 2026-11-21T15:45:00.000+05:45",
        "SECONDS, 2026-11-21T10:00:00Z"
    })
    void theSameMomentMayBeWrittenInOtherWays(Fault.OddTime.Spelling spelling, String text) throws Exception {
        workos.faults().next(1, new Fault.OddTime("", spelling));
        workos.createOrganization("First");
        assertThat(receiver.take().json().get("created_at").asString()).isEqualTo(text);
    }

    @Test
    void unknownEventsAndFieldsComeFromTheFuture() throws Exception {
        workos.faults().next(1, new Fault.UnknownEvent("organization."));
        workos.createOrganization("First");
        assertThat(receiver.take(2))
                .extracting(WebhookReceiver.Arrival::type)
                .containsExactlyInAnyOrder("constellation.aligned", "organization.created");
        workos.faults().next(1, new Fault.UnknownField(""));
        workos.createOrganization("Second");
        JsonNode told = receiver.take().json();
        assertThat(told.has("shard")).isTrue();
        assertThat(told.get("data").has("orbit")).isTrue();
    }

    @Test
    void theClockStandsJumpsAndRuns() {
        DoubleClock time = workos.clock();
        Instant start = time.instant();
        time.freeze();
        clock.advance(Duration.ofHours(1));
        assertThat(time.instant()).isEqualTo(start);
        time.advance(Duration.ofMinutes(3));
        assertThat(time.instant()).isEqualTo(start.plus(Duration.ofMinutes(3)));
        time.resume();
        clock.advance(Duration.ofSeconds(1));
        assertThat(time.instant()).isEqualTo(start.plus(Duration.ofMinutes(3)).plusSeconds(1));
        time.set(Instant.parse("2027-01-01T00:00:00Z"));
        workos.createOrganization("In the new year");
        time.set(Instant.parse("2026-01-01T00:00:00Z"));
        workos.createOrganization("Set back");
        assertThat(workos.events())
                .extracting(EventRecord::createdAt)
                .containsOnly(Instant.parse("2027-01-01T00:00:00Z"));
        assertThat(workos.events()).extracting(event -> event.id().value()).isSorted();
    }

    @Test
    void theDocumentedLimitsHoldByTheDoublesClock() {
        Directory okta = workos.directory(workos.createOrganization("Acme"), "Okta");
        Directory entra = workos.directory(workos.createOrganization("Globex"), "Entra");
        workos.clock().freeze();
        workos.faults().limitRates(true);
        String path = "/directory_users?directory=" + okta.id();
        for (int i = 0; i < 4; i++) {
            assertThat(caller.get(path).status()).isEqualTo(200);
        }
        Caller.Answer refused = caller.get(path);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers()).containsEntry("retry-after", "1");
        assertThat(caller.get("/directory_users?directory=" + entra.id()).status())
                .isEqualTo(200);
        workos.clock().advance(Duration.ofSeconds(1));
        assertThat(caller.get(path).status()).isEqualTo(200);
        for (int i = 0; i < 1_000; i++) {
            caller.get("/user_management/users?limit=1");
        }
        assertThat(caller.get("/user_management/users?limit=1").status()).isEqualTo(429);
        workos.faults().limitRates(false);
        assertThat(caller.get("/user_management/users?limit=1").status()).isEqualTo(200);
    }

    private List<String> ids(String path) {
        List<String> ids = new ArrayList<>();
        caller.get(path)
                .json()
                .get("data")
                .forEach(item -> ids.add(item.get("id").asString()));
        return ids;
    }
}
