package dev.lockstep.workos.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.Clients;
import dev.lockstep.workos.FakeWorkOs;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deliveries that count, those that do not, and what an endpoint says of itself. */
class WebhookDeliveryTest {
    private static final String ENDPOINT = """
            {"object":"webhook_endpoint","id":"we_1","endpoint_url":"https://app.test/hook","secret":"whsec_x",
             "status":"enabled","events":["user.created",""," "],"created_at":"2026-11-21T00:00:00.000Z"}""";

    private final WebhookPost post =
            WebhookPost.open(new WebhookSecret("whsec_x"), SettableClock.at("2026-11-21T10:00:00Z"));
    private FakeWorkOs workos;

    @BeforeEach
    void start() throws Exception {
        workos = FakeWorkOs.start();
    }

    @AfterEach
    void stop() {
        post.close();
        workos.close();
    }

    @ParameterizedTest
    @CsvSource({"199, false", "200, true", "299, true", "300, false", "404, false", "503, false"})
    void onlyTwoHundredsCount(int status, boolean delivered) {
        assertThat(new WebhookPost.Outcome.Answered(status).delivered()).isEqualTo(delivered);
    }

    @Test
    void whoIsInterruptedStopsWaitingAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThat(post.send(workos.url(), new byte[0])).isEqualTo(new WebhookPost.Outcome.Silent("interrupted"));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aClosedSenderSendsNothing() {
        post.close();
        assertThat(post.send(workos.url(), new byte[0])).isInstanceOf(WebhookPost.Outcome.Silent.class);
        assertThat(workos.asked()).isEmpty();
    }

    @Test
    void whatWasMadeOrSwitchedOnComesBackAsItIsThere() {
        workos.answers(201, ENDPOINT).answers(200, ENDPOINT);
        try (var client = Clients.open(workos.url())) {
            var api = new WebhookEndpointsApi(client);
            for (WebhookEndpoint endpoint : List.of(
                    api.create(URI.create("https://app.test/hook"), List.of("user.created")),
                    api.enable("we_1", List.of("user.created")))) {
                assertThat(endpoint.id()).isEqualTo("we_1");
                assertThat(endpoint.events()).containsExactly("user.created");
            }
        }
    }

    @Test
    void someTypesAreInTheEventsApiOnly() {
        assertThat(WebhookEndpoint.offers("user.created")).isTrue();
        assertThat(WebhookEndpoint.offers("vault.data.read")).isFalse();
    }
}
