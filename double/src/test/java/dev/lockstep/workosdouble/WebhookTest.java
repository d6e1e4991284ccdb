package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.UserId;
import dev.lockstep.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private WebhookReceiver receiver;
    private WorkOsDouble workos;

    @BeforeEach
    void start() throws Exception {
        receiver = new WebhookReceiver();
        workos = started(DoubleSettings.WebhookTime.EACH_ATTEMPT);
    }

    @AfterEach
    void stop() {
        workos.close();
        receiver.close();
    }

    @Test
    void theSignatureIsTheOneOfTheOfficialLibraries() {
        String body = """
                {"id":"event_01HZZZ0000000000000000000A","event":"user.created","data":{"object":"user","id":"user_01HZZZ0000000000000000000A","email":"a@example.com","updated_at":"2025-11-21T00:00:00.000Z"},"created_at":"2025-11-21T00:00:00.000Z"}""";
        assertThat(WebhookSignature.header(
                        "whsec_lockstep_vector_1",
                        Instant.ofEpochMilli(1_763_683_200_000L),
                        body.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("t=1763683200000, v1=4934b241043eaffc74cfddd7c949a296ad869c9a8c8b07e548eb77a6a0562b5c");
    }

    @Test
    void everyEventIsDeliveredSignedAndAtOnce() throws Exception {
        workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        WebhookReceiver.Arrival arrival = receiver.take();
        assertThat(arrival.type()).isEqualTo("user.created");
        assertThat(arrival.json().get("id").asString())
                .isEqualTo(workos.events().getFirst().id().value());
        assertThat(arrival.signature())
                .isEqualTo(WebhookSignature.header(workos.webhookSecret(), clock.instant(), arrival.body()));
    }

    @Test
    void withoutAnEndpointNothingIsQueued() {
        try (WorkOsDouble silent = WorkOsDouble.start(DoubleSettings.defaults())) {
            silent.createOrganization("First");
            assertThat(silent.pendingWebhooks()).isZero();
        }
    }

    @Test
    void aRefusedWebhookIsRepeatedByTheScheduleWithAFreshTime() throws Exception {
        receiver.refuseNext(2);
        workos.createOrganization("First");
        Instant first = clock.instant();
        assertThat(receiver.take().answered()).isEqualTo(500);
        awaitAttempts(1);
        clock.advance(Duration.ofSeconds(5));
        assertThat(receiver.take().time())
                .isEqualTo(first.plus(Duration.ofSeconds(5)).toEpochMilli());
        awaitAttempts(2);
        clock.advance(Duration.ofMinutes(1));
        assertThat(receiver.take().answered()).isEqualTo(200);
        awaitPending(0);
    }

    @Test
    void retriesMayCarryTheFirstTimeInstead() throws Exception {
        workos.close();
        workos = started(DoubleSettings.WebhookTime.FIRST_ATTEMPT);
        receiver.refuseNext(1);
        workos.createOrganization("First");
        long first = receiver.take().time();
        awaitAttempts(1);
        clock.advance(Duration.ofSeconds(5));
        WebhookReceiver.Arrival second = receiver.take();
        assertThat(second.time()).isEqualTo(first);
        assertThat(second.signature())
                .isEqualTo(WebhookSignature.header(workos.webhookSecret(), Instant.ofEpochMilli(first), second.body()));
    }

    @Test
    void afterTheLastRetryItIsGivenUp() throws Exception {
        receiver.refuseNext(100);
        workos.createOrganization("First");
        receiver.take();
        List<Duration> waits = DoubleSettings.defaults().webhookRetries();
        for (int attempt = 1; attempt <= waits.size(); attempt++) {
            awaitAttempts(attempt);
            clock.advance(waits.get(attempt - 1));
            receiver.take();
        }
        awaitPending(0);
        assertThat(receiver.isEmpty()).isTrue();
    }

    @Test
    void aDroppedWebhookNeverComesButTheNextDoes() throws Exception {
        workos.faults().dropNextWebhooks(1);
        workos.createOrganization("Lost");
        awaitPending(0);
        workos.createOrganization("Found");
        assertThat(receiver.take().json().get("data").get("name").asString()).isEqualTo("Found");
        assertThat(receiver.isEmpty()).isTrue();
        assertThat(workos.events()).hasSize(2);
    }

    @Test
    void aDuplicatedWebhookComesTwiceWithOneId() throws Exception {
        workos.faults().duplicateNextWebhooks(1);
        workos.createOrganization("First");
        List<WebhookReceiver.Arrival> both = receiver.take(2);
        assertThat(both.get(0).json()).isEqualTo(both.get(1).json());
    }

    @Test
    void aDelayedWebhookIsOvertakenByALaterOne() throws Exception {
        workos.faults().delayNextWebhooks(1, Duration.ofMinutes(1));
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        workos.deleteUser(zoe);
        assertThat(receiver.take().type()).isEqualTo("user.deleted");
        clock.advance(Duration.ofMinutes(1));
        assertThat(receiver.take().type()).isEqualTo("user.created");
    }

    @Test
    void reorderedWebhooksComeNewestFirst() throws Exception {
        workos.faults().reorderNextWebhooks(3);
        UserId zoe = workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        workos.renameUser(zoe, "Zoë", "Lind");
        workos.deleteUser(zoe);
        assertThat(receiver.take(3))
                .extracting(WebhookReceiver.Arrival::type)
                .containsExactly("user.deleted", "user.updated", "user.created");
    }

    @Test
    void healingLetsGoOfWhatWasHeld() throws Exception {
        workos.faults().reorderNextWebhooks(2);
        workos.createOrganization("Held");
        workos.faults().heal();
        assertThat(receiver.take().json().get("data").get("name").asString()).isEqualTo("Held");
    }

    @Test
    void whatHappensInTheDarkIsSentWhenTheLightComesBack() throws Exception {
        workos.faults().goDark();
        workos.createOrganization("First");
        assertThat(workos.pendingWebhooks()).isEqualTo(1);
        assertThat(receiver.isEmpty()).isTrue();
        workos.faults().comeBack();
        assertThat(receiver.take().type()).isEqualTo("organization.created");
    }

    @Test
    void aThousandEventsAllArrive() throws Exception {
        for (int i = 0; i < 1000; i++) {
            workos.createOrganization("Organization " + i);
        }
        assertThat(receiver.take(1000))
                .extracting(arrival -> arrival.json().get("id").asString())
                .doesNotHaveDuplicates();
        awaitPending(0);
    }

    private WorkOsDouble started(DoubleSettings.WebhookTime time) {
        WorkOsDouble started = WorkOsDouble.start(
                DoubleSettings.builder().clock(clock).webhookTime(time).build());
        started.deliverWebhooksTo(receiver.uri());
        return started;
    }

    /** The failed attempt has to be booked before the clock moves, else the retry is booked from the later time. */
    private void awaitAttempts(int attempts) {
        Waiting.until(() -> workos.deliveries().stream().anyMatch(delivery -> delivery.attempts() == attempts));
    }

    private void awaitPending(int count) {
        Waiting.until(() -> workos.pendingWebhooks() == count);
    }
}
