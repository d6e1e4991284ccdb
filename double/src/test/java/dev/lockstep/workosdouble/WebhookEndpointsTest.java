package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WebhookEndpointsTest {
    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final WorkOsDouble workos =
            WorkOsDouble.start(DoubleSettings.builder().clock(clock).build());
    private final Caller caller = new Caller(workos);
    private WebhookReceiver receiver;

    @BeforeEach
    void start() throws Exception {
        receiver = new WebhookReceiver();
    }

    @AfterEach
    void stop() {
        caller.close();
        workos.close();
        receiver.close();
    }

    @Test
    void aRegisteredEndpointGetsWhatItWantsSignedWithItsOwnSecret() throws Exception {
        JsonNode made = register("[\"organization.created\"]").json();
        workos.createUser(NewUser.named("zoe@example.test", "Zoe", "Lind"));
        workos.createOrganization("First");
        WebhookReceiver.Arrival arrival = receiver.take();
        assertThat(arrival.type()).isEqualTo("organization.created");
        assertThat(arrival.signature())
                .isEqualTo(WebhookSignature.header(made.get("secret").asString(), clock.instant(), arrival.body()))
                .isNotEqualTo(WebhookSignature.header(workos.webhookSecret(), clock.instant(), arrival.body()));
        Waiting.until(() -> workos.pendingWebhooks() == 0);
        assertThat(receiver.isEmpty()).isTrue();
    }

    @Test
    void twoEndpointsAreRetriedEachForItself() throws Exception {
        try (WebhookReceiver other = new WebhookReceiver()) {
            register("[\"organization.created\"]");
            workos.deliverWebhooksTo(other.uri());
            receiver.refuseNext(1);
            workos.createOrganization("First");
            assertThat(other.take().answered()).isEqualTo(200);
            assertThat(receiver.take().answered()).isEqualTo(500);
            Waiting.until(() -> workos.deliveries().stream().anyMatch(delivery -> delivery.attempts() == 1));
            Waiting.until(() -> workos.pendingWebhooks() == 1);
            clock.advance(Duration.ofSeconds(5));
            assertThat(receiver.take().answered()).isEqualTo(200);
            Waiting.until(() -> workos.pendingWebhooks() == 0);
            assertThat(other.isEmpty()).isTrue();
        }
    }

    @Test
    void anEndpointIsChangedSwitchedOffAndDeleted() throws Exception {
        String path = "/webhook_endpoints/"
                + register("[\"user.created\"]").json().get("id").asString();
        assertThat(caller.send(caller.keyed(path)
                                .method("PATCH", Caller.text("{\"events\":[\"organization.created\"]}")))
                        .json()
                        .get("events")
                        .toString())
                .isEqualTo("[\"organization.created\"]");
        workos.createOrganization("First");
        assertThat(receiver.take().type()).isEqualTo("organization.created");
        Waiting.until(() -> workos.pendingWebhooks() == 0);
        caller.send(caller.keyed(path).method("PATCH", Caller.text("{\"status\":\"disabled\"}")));
        workos.createOrganization("Second");
        assertThat(workos.pendingWebhooks()).isZero();
        assertThat(caller.delete(path).status()).isEqualTo(204);
        assertThat(caller.get("/webhook_endpoints").json().get("data")).isEmpty();
    }

    @Test
    void someEventsAreInTheEventsApiOnly() {
        assertThat(register("[\"vault.data.created\"]").status()).isEqualTo(422);
        assertThat(register("[]").status()).isEqualTo(422);
        workos.deliverWebhooksTo(receiver.uri());
        workos.emit("dsync.token.created", "{\"id\":\"t\"}", null);
        assertThat(workos.pendingWebhooks()).isZero();
        clock.advance(Duration.ofSeconds(2));
        assertThat(caller.get("/events?events=dsync.token.created").json().get("data"))
                .hasSize(1);
    }

    @Test
    void anAddressIsRegisteredOnce() {
        register("[\"user.created\"]");
        assertThat(register("[\"user.created\"]").status()).isEqualTo(409);
        assertThat(caller.post("/webhook_endpoints", "{\"endpoint_url\":\"ftp://x\",\"events\":[\"user.created\"]}")
                        .status())
                .isEqualTo(422);
    }

    private Caller.Answer register(String events) {
        return caller.post(
                "/webhook_endpoints", "{\"endpoint_url\":\"" + receiver.uri() + "\",\"events\":" + events + "}");
    }
}
