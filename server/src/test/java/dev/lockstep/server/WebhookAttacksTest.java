package dev.lockstep.server;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.testing.TableHash;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers may send to the webhook address, and what WorkOS itself may send that nobody can read. */
class WebhookAttacksTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final int LIMIT = 1024 * 1024;

    private final Visitor sender = demo.visitor();

    private static String secret() {
        return demo.demo().workOs().webhookSecret();
    }

    private static String event(String id) {
        return """
                {"id":"%s","event":"invented.thing","created_at":"2026-01-01T00:00:00.000Z","data":{"object":"thing"}}\
                """.formatted(id);
    }

    private static String freshId() {
        return "event_" + UUID.randomUUID().toString().replace("-", "");
    }

    private static List<String> states(byte[] body) {
        return demo.database()
                .read(tx -> tx.sql("SELECT state FROM lockstep.inbox WHERE body = :body")
                        .param("body", body)
                        .query(String.class)
                        .list());
    }

    static Stream<String> signaturesThatDoNotHold() {
        byte[] body = event("event_unsigned").getBytes(UTF_8);
        long now = System.currentTimeMillis();
        String good = SignedWebhook.at(now, secret(), body).signature();
        return Stream.of(
                "",
                "nonsense",
                "t=" + now,
                good.replaceFirst("t=\\d+, ", ""),
                good.replace("v1=", "v0="),
                good.replace("v1=", "x="),
                good.replaceFirst("t=\\d+", "t=abc"),
                good.replaceFirst("t=\\d+", "t="),
                good.replaceFirst("t=\\d+", "t=" + now / 1000),
                good.replaceFirst("t=\\d+", "t=" + (now + 1)),
                good + ", t=" + now,
                good.substring(0, good.length() - 1),
                good.toUpperCase(java.util.Locale.ROOT),
                SignedWebhook.at(now - 200_000, secret(), body).signature(),
                SignedWebhook.at(now + 200_000, secret(), body).signature(),
                SignedWebhook.at(now, "another-secret", body).signature(),
                SignedWebhook.at(now, secret(), event("event_other").getBytes(UTF_8))
                        .signature());
    }

    @ParameterizedTest
    @MethodSource("signaturesThatDoNotHold")
    void aSignatureThatDoesNotHoldIsRefusedAndNothingIsStored(String signature) {
        byte[] body = event("event_unsigned").getBytes(UTF_8);
        HttpResponse<String> answer = new SignedWebhook(body, signature).sendTo(sender);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(Visitor.json(answer).get("code").asString()).isEqualTo("WEBHOOK_SIGNATURE_INVALID");
        assertThat(states(body)).isEmpty();
    }

    @Test
    void anUnsignedWebhookIsRefusedAndChangesNoTable() {
        TableHash before = demo.settled();
        for (String path : List.of(SignedWebhook.PATH, "/webhooks/workos")) {
            assertThat(sender.post(path, event("event_unsigned")).statusCode()).isEqualTo(401);
        }
        assertThat(demo.digest()).isEqualTo(before);
    }

    @Test
    void twoSignatureHeadersAreRefused() {
        byte[] body = event(freshId()).getBytes(UTF_8);
        String good = SignedWebhook.of(secret(), body).signature();
        HttpResponse<String> answer = sender.send(
                "POST",
                SignedWebhook.PATH,
                BodyPublishers.ofByteArray(body),
                "Content-Type",
                "application/json",
                "WorkOS-Signature",
                good,
                "WorkOS-Signature",
                good);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(states(body)).isEmpty();
    }

    @Test
    void aBodyOverTheLimitIsRefusedWhetherItsLengthIsSaidOrNot() {
        byte[] large = "x".repeat(LIMIT + 1).getBytes(UTF_8);
        SignedWebhook signed = SignedWebhook.of(secret(), large);
        assertThat(signed.sendTo(sender).statusCode()).isEqualTo(413);
        HttpResponse<String> chunked = sender.send(
                "POST",
                SignedWebhook.PATH,
                BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)),
                "Content-Type",
                "application/json",
                "WorkOS-Signature",
                signed.signature());
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(states(large)).isEmpty();
    }

    @Test
    void aBodyOfExactlyTheLimitIsTaken() {
        String head = "{\"id\":\"" + freshId() + "\",\"event\":\"invented.thing\",\"data\":\"";
        byte[] full = (head + "x".repeat(LIMIT - head.length() - 2) + "\"}").getBytes(UTF_8);
        assertThat(full).hasSize(LIMIT);
        assertThat(SignedWebhook.of(secret(), full).sendTo(sender).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/jsonish",
                "application/json; charset=utf-16"
            })
    void anotherContentTypeIsRefusedAlthoughItIsSigned(String type) {
        byte[] body = event(freshId()).getBytes(UTF_8);
        HttpResponse<String> answer = sender.send(
                "POST",
                SignedWebhook.PATH,
                BodyPublishers.ofByteArray(body),
                "Content-Type",
                type,
                "WorkOS-Signature",
                SignedWebhook.of(secret(), body).signature());
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(states(body)).isEmpty();
    }

    @Test
    void aPackedBodyIsRefused() {
        byte[] body = event(freshId()).getBytes(UTF_8);
        HttpResponse<String> answer = sender.send(
                "POST",
                SignedWebhook.PATH,
                BodyPublishers.ofByteArray(body),
                "Content-Encoding",
                "gzip",
                "WorkOS-Signature",
                SignedWebhook.of(secret(), body).signature());
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(states(body)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
    void anotherMethodIsNotAllowed(String method) {
        assertThat(sender.send(method, SignedWebhook.PATH, BodyPublishers.noBody())
                        .statusCode())
                .isEqualTo(405);
    }

    static Stream<byte[]> signedButUnreadable() {
        String mark = freshId();
        return Stream.of(
                ("not json " + mark).getBytes(UTF_8),
                ("[\"" + mark + "\"]").getBytes(UTF_8),
                ("{\"id\":\"" + mark + "\"").getBytes(UTF_8),
                ("{\"event\":\"user.created\",\"mark\":\"" + mark + "\"}").getBytes(UTF_8),
                ("{\"id\":\"" + mark + "\",\"event\":\"user.created\",\"data\":null}").getBytes(UTF_8),
                ("\"" + mark + "\"").getBytes(UTF_16),
                (mark + "[".repeat(5000)).getBytes(UTF_8),
                ("{\"id\":\"" + "e".repeat(10_000) + mark + "\",\"event\":\"user.created\"}").getBytes(UTF_8),
                ("{\"id\":\"x" + mark + "\",\"event\":\"user.created\",\"created_at\":\"2026-01-01T00:00:00.000Z\","
                                + "\"data\":{\"object\":\"user\",\"id\":\"user_1\",\"first_name\":\"\\u0000\"}}")
                        .getBytes(UTF_8));
    }

    @ParameterizedTest
    @MethodSource("signedButUnreadable")
    void signedBytesThatNobodyCanReadAreTakenKeptAndParked(byte[] body) {
        assertThat(SignedWebhook.of(secret(), body).sendTo(sender).statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(states(body)).containsExactly("parked"));
    }

    @Test
    void theWorkerGoesOnAfterUnreadableBytes() {
        signedButUnreadable().forEach(body -> SignedWebhook.of(secret(), body).sendTo(sender));
        byte[] good = event(freshId()).getBytes(UTF_8);
        assertThat(SignedWebhook.of(secret(), good).sendTo(sender).statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(states(good)).containsExactly("ignored"));
    }

    @Test
    void theSameWebhookAgainIsTakenAndLeavesNoTrace() {
        byte[] body = event(freshId()).getBytes(UTF_8);
        SignedWebhook webhook = SignedWebhook.of(secret(), body);
        assertThat(Visitor.json(webhook.sendTo(sender)).has("duplicate")).isFalse();
        await().untilAsserted(() -> assertThat(states(body)).containsExactly("ignored"));
        TableHash before = demo.settled();
        HttpResponse<String> again = webhook.sendTo(sender);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(Visitor.json(again).get("duplicate").asBoolean()).isTrue();
        assertThat(states(body)).hasSize(1);
        assertThat(demo.digest()).isEqualTo(before);
    }

    @Test
    void theSameIdWithOtherBytesNeverReplacesTheFirst() {
        String id = freshId();
        byte[] first = event(id).getBytes(UTF_8);
        byte[] second = event(id).replace("thing\"}", "other\"}").getBytes(UTF_8);
        assertThat(SignedWebhook.of(secret(), first).sendTo(sender).statusCode())
                .isEqualTo(200);
        assertThat(SignedWebhook.of(secret(), second).sendTo(sender).statusCode())
                .isEqualTo(200);
        assertThat(states(first)).hasSize(1);
    }
}
