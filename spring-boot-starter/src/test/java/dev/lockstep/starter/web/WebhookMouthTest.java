package dev.lockstep.starter.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.starter.Signals;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.webhook.WebhookSecret;
import dev.lockstep.workos.webhook.WebhookSignature;
import dev.lockstep.workos.webhook.WebhookVerdict;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the webhook mouth takes, refuses and counts, in the servlet that stands in any container. */
class WebhookMouthTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("starter", Migrations::migrate);

    private static final String SECRET = "whsec_of_this_test";
    private static final int LIMIT = 40_000;
    private static final String EVENT = """
            {"object":"event","id":"event_%s","event":"user.updated","created_at":"2026-11-21T10:00:00.000Z","data":{}}""";

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private final Database database = new Database(postgres.dataSource());
    private final Signals signals = new Signals();
    private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/api/webhooks/workos");

    private List<String> allowed = List.of();
    private int hops;

    @BeforeEach
    void begin() {
        new Mirrored(database).clear();
        request.setContentType("application/json");
    }

    private MockHttpServletResponse send(Database into, byte[] body) throws Exception {
        request.setContent(body);
        if (request.getHeader(WebhookSignature.HEADER) == null) {
            request.addHeader(WebhookSignature.HEADER, header(body));
        }
        var signature = new WebhookSignature(List.of(new WebhookSecret(SECRET)), clock);
        var inbox = new Inbox(into, new EventDecoder(), () -> {});
        var answer = new MockHttpServletResponse();
        var senders = new WebhookSenders(new ClientAddress(hops), allowed);
        new WebhookServlet(new WebhookMouth(signature, inbox, JsonMapper.shared(), signals, LIMIT, senders))
                .service(request, answer);
        assertThat(answer.getContentLength()).isEqualTo(answer.getContentAsByteArray().length);
        return answer;
    }

    private MockHttpServletResponse send(String body) throws Exception {
        return send(database, body.getBytes(UTF_8));
    }

    private String header(byte[] body) throws Exception {
        long millis = clock.millis();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        mac.update((millis + ".").getBytes(UTF_8));
        return "t=" + millis + ", v1=" + HexFormat.of().formatHex(mac.doFinal(body));
    }

    private long rows() {
        return database.<Long>read(tx ->
                tx.sql("SELECT count(*) FROM lockstep.inbox").query(Long.class).single());
    }

    private void isRefused(MockHttpServletResponse answer, int status, String code) throws Exception {
        assertThat(answer.getStatus()).isEqualTo(status);
        assertThat(answer.getContentType()).isEqualTo("application/problem+json");
        assertThat(answer.getHeader("Cache-Control")).contains("no-store");
        JsonNode problem = JsonMapper.shared().readTree(answer.getContentAsByteArray());
        assertThat(problem.get("code").asString()).isEqualTo(code);
        assertThat(problem.get("instance").asString()).isEqualTo("/api/webhooks/workos");
        assertThat(problem.get("ref").asString()).matches("[0-9a-f]{16}");
        assertThat(problem.has("signInUrl")).isEqualTo(status == 401);
        assertThat(rows()).isZero();
    }

    @Test
    void aSignedEventIsStoredAndTheSameAgainIsSaidToBeSo() throws Exception {
        MockHttpServletResponse first = send(EVENT.formatted("1"));
        assertThat(first.getStatus()).isEqualTo(200);
        assertThat(first.getContentType()).isEqualTo("application/json");
        assertThat(first.getContentAsString()).isEqualTo("{\"received\":true}");
        assertThat(first.getHeader("Retry-After")).isNull();
        assertThat(send(EVENT.formatted("1")).getContentAsString()).isEqualTo("{\"received\":true,\"duplicate\":true}");
        assertThat(rows()).isEqualTo(1);
        assertThat(signals.webhooks().of(Signals.Webhook.STORED)).isEqualTo(1);
        assertThat(signals.webhooks().of(Signals.Webhook.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void otherBytesUnderATakenIdAreKeptAndNamed() throws Exception {
        String whole = EVENT.formatted("1").replace("{}", """
                {"object":"user","id":"user_1","email":"ada@acme.test","created_at":"2026-11-21T09:00:00.000Z",
                "updated_at":"2026-11-21T10:00:00.000Z"}""");
        assertThat(send(whole).getContentAsString()).isEqualTo("{\"received\":true}");
        request.removeHeader(WebhookSignature.HEADER);
        MockHttpServletResponse other = send(whole.replace("ada@", "eve@"));
        assertThat(other.getContentAsString()).isEqualTo("{\"received\":true,\"conflict\":true}");
        assertThat(signals.webhooks().of(Signals.Webhook.CONFLICT)).isEqualTo(1);
    }

    @Test
    void aSignatureThatDoesNotHoldIsCountedWithItsReason() throws Exception {
        request.addHeader(WebhookSignature.HEADER, header("something else".getBytes(UTF_8)));
        isRefused(send(EVENT.formatted("1")), 401, "WEBHOOK_SIGNATURE_INVALID");
        assertThat(signals.webhooks().of(Signals.Webhook.REJECTED)).isEqualTo(1);
        assertThat(signals.rejections().of(WebhookVerdict.Reason.NO_MATCH)).isEqualTo(1);
    }

    @Test
    void onlyListedAddressesMaySendWhereThereIsAList() throws Exception {
        allowed = List.of("203.0.113.7", "2001:db8::7");
        request.setRemoteAddr("198.51.100.1");
        request.addHeader("X-Forwarded-For", "203.0.113.7");
        isRefused(send(EVENT.formatted("1")), 403, "WEBHOOK_SENDER_NOT_ALLOWED");
        assertThat(signals.webhooks().of(Signals.Webhook.NOT_ALLOWED)).isEqualTo(1);
        request.setRemoteAddr("[2001:db8:0:0:0:0:0:7]");
        assertThat(send(EVENT.formatted("1")).getStatus()).isEqualTo(200);
        request.setRemoteAddr("unreadable");
        assertThat(send(EVENT.formatted("1")).getStatus()).isEqualTo(403);
        request.setRemoteAddr("203.0.113.7");
        request.removeHeader(WebhookSignature.HEADER);
        request.addHeader(WebhookSignature.HEADER, header("something else".getBytes(UTF_8)));
        assertThat(send(EVENT.formatted("1")).getStatus()).isEqualTo(401);
    }

    @Test
    void behindProxiesTheSenderIsWhomTheyName() throws Exception {
        allowed = List.of("203.0.113.7");
        hops = 1;
        request.setRemoteAddr("10.0.0.1");
        request.addHeader("X-Forwarded-For", "203.0.113.7, 198.51.100.1");
        isRefused(send(EVENT.formatted("1")), 403, "WEBHOOK_SENDER_NOT_ALLOWED");
        request.removeHeader("X-Forwarded-For");
        request.addHeader("X-Forwarded-For", "198.51.100.1, 203.0.113.7");
        assertThat(send(EVENT.formatted("1")).getStatus()).isEqualTo(200);
    }

    @Test
    void twoSignatureHeadersAreRefused() throws Exception {
        byte[] body = EVENT.formatted("1").getBytes(UTF_8);
        request.addHeader(WebhookSignature.HEADER, header(body));
        request.addHeader(WebhookSignature.HEADER, header(body));
        isRefused(send(database, body), 401, "WEBHOOK_SIGNATURE_INVALID");
        assertThat(signals.rejections().of(WebhookVerdict.Reason.HEADER_REPEATED))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/json; charset=utf-16",
                "application/jsonx",
                "application/x-www-form-urlencoded"
            })
    void anotherTypeIsRefusedAlthoughItIsSigned(String type) throws Exception {
        request.setContentType(type);
        isRefused(send(EVENT.formatted("1")), 415, "WEBHOOK_NOT_JSON");
        assertThat(signals.webhooks().of(Signals.Webhook.NOT_JSON)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                "application/json; charset=utf-8",
                "application/json;charset=\"UTF-8\"",
                " application/json "
            })
    void everySpellingOfJsonIsTaken(String type) throws Exception {
        request.setContentType(type);
        assertThat(send(EVENT.formatted("1")).getStatus()).isEqualTo(200);
    }

    @Test
    void aPackedBodyIsRefusedAndOneThatSaysItIsNotPackedIsTaken() throws Exception {
        request.addHeader("Content-Encoding", "gzip");
        isRefused(send(EVENT.formatted("1")), 415, "WEBHOOK_NOT_JSON");
        request.removeHeader("Content-Encoding");
        request.addHeader("Content-Encoding", "Identity");
        assertThat(send(EVENT.formatted("1")).getStatus()).isEqualTo(200);
    }

    @Test
    void theLimitItselfIsTakenAndOneByteMoreIsNot() throws Exception {
        String padded = EVENT.formatted("1").replace("\"data\":{}", "\"data\":{\"x\":\"\"}");
        String full = padded.replace("\"x\":\"\"", "\"x\":\"" + "x".repeat(LIMIT - padded.length()) + "\"");
        assertThat(full).hasSize(LIMIT);
        assertThat(send(full).getStatus()).isEqualTo(200);
        new Mirrored(database).clear();
        request.removeHeader(WebhookSignature.HEADER);
        isRefused(send(full.replace("\"x\":\"", "\"x\":\"y")), 413, "WEBHOOK_TOO_LARGE");
        assertThat(signals.webhooks().of(Signals.Webhook.TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void whatCannotBeStoredIsAskedForAgainAndNeverBlamedOnTheSender() throws Exception {
        var nowhere = new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/nothing?connectTimeout=1");
        MockHttpServletResponse answer =
                send(new Database(nowhere), EVENT.formatted("1").getBytes(UTF_8));
        isRefused(answer, 503, "STORE_UNAVAILABLE");
        assertThat(answer.getHeader("Retry-After")).isEqualTo("3");
        assertThat(signals.webhooks().of(Signals.Webhook.NOT_STORED)).isEqualTo(1);
    }

    @Test
    void anEmptyBodyIsSignedBytesToo() throws Exception {
        assertThat(send("").getStatus()).isEqualTo(200);
        assertThat(rows()).isEqualTo(1);
    }
}
