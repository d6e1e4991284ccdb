package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.ApiKey;
import dev.lockstep.workos.RateBudget;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsSettings;
import dev.lockstep.workos.authentication.ApiKeysApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class MachineCallersTest {
    private static final String GOOD = """
            {"api_key":{"id":"api_key_1","owner":{"type":"organization","id":"org_1"},"permissions":["posts:read"]}}""";
    private static final Caller.Machine MACHINE =
            new Caller.Machine("api_key_1", new OrganizationId("org_1"), Set.of(new Permission("posts:read")));

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final AtomicInteger asked = new AtomicInteger();
    private final MockHttpServletRequest request = new MockHttpServletRequest();
    private volatile String answer = GOOD;
    private volatile int status = 200;
    private HttpServer workos;
    private WorkOsClient client;
    private MachineCallers machines;

    @BeforeEach
    void start() throws IOException {
        workos = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        workos.createContext("/api_keys/validations", exchange -> {
            asked.incrementAndGet();
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        workos.start();
        var settings = WorkOsSettings.of(new ApiKey("sk_test_key"), "client_test")
                .withBaseUrl(
                        URI.create("http://127.0.0.1:" + workos.getAddress().getPort()));
        client = WorkOsClient.open(settings, RateBudget.forEnvironment(), InstantSource.system(), new Random(1));
        machines = new MachineCallers(new ApiKeysApi(client), clock);
    }

    @AfterEach
    void stop() {
        client.close();
        workos.stop(0);
    }

    @Test
    void aGoodKeyIsAProgramAndWorkOsIsAskedOnceAMinute() {
        assertThat(machines.caller("sk_customer")).isEqualTo(MACHINE);
        clock.advance(Duration.ofSeconds(59));
        assertThat(machines.caller("sk_customer")).isEqualTo(MACHINE);
        assertThat(asked.get()).isOne();
        clock.advance(Duration.ofSeconds(1));
        answer = "{\"api_key\":null}";
        assertThat(machines.caller("sk_customer")).isEqualTo(new Caller.Anonymous());
        assertThat(asked.get()).isEqualTo(2);
    }

    @Test
    void oneKeyNeverSpeaksForTheProgramOfAnother() {
        assertThat(machines.caller("sk_customer")).isEqualTo(MACHINE);
        answer = "{\"api_key\":null}";
        assertThat(machines.caller("sk_customer2")).isEqualTo(new Caller.Anonymous());
        assertThat(machines.caller("sk_customer")).isEqualTo(MACHINE);
        assertThat(asked.get()).isEqualTo(2);
    }

    @Test
    void aKeyHasEightToFiveHundredAndTwelvePlainCharacters() {
        for (String key : java.util.List.of("k".repeat(8), "k".repeat(512), "!~aaaaaa")) {
            assertThat(MachineCallers.presentedKey("Bearer " + key)).contains(key);
        }
        for (String key :
                java.util.List.of("k".repeat(7), "k".repeat(513), "aaaa aaaa", "aaaa\u007faaaa", "aaaa.aaaa")) {
            assertThat(MachineCallers.presentedKey("Bearer " + key)).isEmpty();
        }
    }

    @Test
    void aBadKeyIsNobodyAndAskedAgainAfterTenSeconds() {
        answer = "{\"api_key\":null}";
        assertThat(machines.caller("sk_wrong")).isEqualTo(new Caller.Anonymous());
        machines.caller("sk_wrong");
        assertThat(asked.get()).isOne();
        clock.advance(Duration.ofSeconds(10));
        machines.caller("sk_wrong");
        assertThat(asked.get()).isEqualTo(2);
    }

    @Test
    void ourOwnBadKeyIsAnOutageAndNotTheirFault() {
        status = 401;
        answer = "{\"message\":\"Unauthorized\"}";
        assertThatThrownBy(() -> machines.caller("sk_customer"))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal ->
                                assertThat(refusal.problem().status().value()).isEqualTo(503));
    }

    @Test
    void onlyAHandlerThatTakesProgramsMakesUsAsk() {
        request.setAttribute(RequestCaller.ATTRIBUTE, new RequestCaller.Presented(machines, "sk_customer"));
        assertThatThrownBy(() -> RequestCaller.signedIn(request)).isInstanceOf(Refusal.class);
        assertThat(asked.get()).isZero();
        assertThat(RequestCaller.machine(request)).isEqualTo(MACHINE);
        assertThat(RequestCaller.caller(request)).isEqualTo(MACHINE);
        assertThat(asked.get()).isOne();
        assertThat(new RequestCaller.Presented(machines, "sk_customer").toString())
                .doesNotContain("customer");
    }

    @Test
    void whatIsNoKeyIsNotEvenLookedAt() {
        assertThat(MachineCallers.presentedKey("Bearer sk_customer_1")).contains("sk_customer_1");
        assertThat(MachineCallers.presentedKey("bearer  sk_customer_1 ")).contains("sk_customer_1");
        for (String header : new String[] {
            null,
            "",
            "Bearer",
            "Bearer ",
            "Bearer short",
            "Basic c2tfY3VzdG9tZXI",
            "Bearer a.b.c-d.e-f.g",
            "Bearer " + "k".repeat(513),
            "Bearer key with spaces",
            "Bearer schlüssel-eins"
        }) {
            assertThat(MachineCallers.presentedKey(header)).as(header).isEmpty();
        }
    }
}
