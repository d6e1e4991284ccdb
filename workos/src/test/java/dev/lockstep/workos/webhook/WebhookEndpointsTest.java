package dev.lockstep.workos.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.Clients;
import dev.lockstep.workos.FakeWorkOs;
import dev.lockstep.workos.WorkOsClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookEndpointsTest {
    private static final WebhookSecret SECRET = new WebhookSecret("whsec_lockstep_vector_1");
    private static final String ENDPOINT = """
            {"object":"webhook_endpoint","id":"we_1","endpoint_url":"https://app.test/hook","secret":"whsec_x",
             "status":"%s","events":["user.created","user.deleted"],"created_at":"2026-11-21T00:00:00.000Z"}""";

    private FakeWorkOs workos;
    private WorkOsClient client;

    @BeforeEach
    void start() throws IOException {
        workos = FakeWorkOs.start();
        client = Clients.open(workos.url());
    }

    @AfterEach
    void stop() {
        client.close();
        workos.close();
    }

    @Test
    void endpointsAreListedOverAllPages() {
        workos.answers(200, list(ENDPOINT.formatted("enabled"), "\"we_1\""))
                .answers(200, list(ENDPOINT.replace("we_1", "we_2").formatted("disabled"), "null"));

        List<WebhookEndpoint> all = new WebhookEndpointsApi(client).list();

        assertThat(all).extracting(WebhookEndpoint::id).containsExactly("we_1", "we_2");
        assertThat(all).extracting(WebhookEndpoint::enabled).containsExactly(true, false);
        assertThat(all.getFirst().events()).containsExactly("user.created", "user.deleted");
        assertThat(all.getFirst().secret()).isEqualTo(new WebhookSecret("whsec_x"));
        assertThat(all.toString()).doesNotContain("whsec_x");
    }

    @Test
    void anEndpointIsMadeAndSwitchedOnInTheWordsOfTheApi() {
        workos.answers(201, ENDPOINT.formatted("enabled")).answers(200, ENDPOINT.formatted("enabled"));
        WebhookEndpointsApi api = new WebhookEndpointsApi(client);

        api.create(URI.create("https://app.test/hook"), List.of("user.created"));
        api.enable("we_1", List.of("user.created", "user.deleted"));

        FakeWorkOs.Asked made = workos.asked().getFirst();
        assertThat(made.method() + " " + made.path()).isEqualTo("POST /webhook_endpoints");
        assertThat(made.body()).isEqualTo("{\"endpoint_url\":\"https://app.test/hook\",\"events\":[\"user.created\"]}");
        FakeWorkOs.Asked enabled = workos.asked().getLast();
        assertThat(enabled.method() + " " + enabled.path()).isEqualTo("PATCH /webhook_endpoints/we_1");
        assertThat(enabled.body()).isEqualTo("{\"status\":\"enabled\",\"events\":[\"user.created\",\"user.deleted\"]}");
    }

    @Test
    void aPostIsSignedSoThatItsReceiverAcceptsIt() {
        SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
        byte[] body = "{\"id\":\"event_1\"}".getBytes(StandardCharsets.UTF_8);
        workos.answers(200, "").answers(500, "");
        try (WebhookPost post = WebhookPost.open(SECRET, clock)) {
            assertThat(post.send(workos.url(), body)).isEqualTo(new WebhookPost.Outcome.Answered(200));
            assertThat(post.send(workos.url(), body)).isEqualTo(new WebhookPost.Outcome.Answered(500));
            workos.close();
            assertThat(post.send(workos.url(), body)).isInstanceOf(WebhookPost.Outcome.Silent.class);
        }
        FakeWorkOs.Asked sent = workos.asked().getFirst();
        List<String> header = sent.headers().entrySet().stream()
                .filter(each -> each.getKey().equalsIgnoreCase(WebhookSignature.HEADER))
                .map(java.util.Map.Entry::getValue)
                .toList();
        assertThat(sent.body()).isEqualTo("{\"id\":\"event_1\"}");
        assertThat(new WebhookSignature(List.of(SECRET), clock).verify(body, header))
                .isInstanceOf(WebhookVerdict.Verified.class);
    }

    @Test
    void theHeaderIsWrittenAsWorkOsWritesIt() {
        String body = "{\"id\":\"event_1\",\"event\":\"user.created\"}";
        assertThat(WebhookSignature.sign(
                        SECRET, Instant.ofEpochMilli(1_763_683_200_000L), body.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Signed.header(SECRET.value(), 1_763_683_200_000L, body));
    }

    private static String list(String items, String after) {
        return "{\"object\":\"list\",\"data\":[" + items + "],\"list_metadata\":{\"after\":" + after + "}}";
    }
}
