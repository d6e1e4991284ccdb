package dev.lockstep.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A webhook as WorkOS signs it, whatever its bytes. */
record SignedWebhook(byte[] body, String signature) {
    static final String PATH = "/api/webhooks/workos";

    static SignedWebhook of(String secret, byte[] body) {
        return at(System.currentTimeMillis(), secret, body);
    }

    static SignedWebhook of(String secret, String body) {
        return of(secret, body.getBytes(UTF_8));
    }

    static SignedWebhook at(long millis, String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            mac.update((millis + ".").getBytes(UTF_8));
            return new SignedWebhook(
                    body, "t=" + millis + ", v1=" + HexFormat.of().formatHex(mac.doFinal(body)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> sendTo(Visitor visitor) {
        return visitor.send(
                "POST",
                PATH,
                BodyPublishers.ofByteArray(body),
                "Content-Type",
                "application/json",
                "WorkOS-Signature",
                signature);
    }
}
