package dev.lockstep.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Webhooks as WorkOS sends them, signed and ready to be written to a connection: each another event. Not thread-safe. */
final class SignedEvents {
    private final URI home;
    private final String secret;
    private final int people;
    private final Instant base =
            InstantSource.system().instant().minusSeconds(3600).truncatedTo(ChronoUnit.MILLIS);
    private int next;

    /** @param people each is created once and then renamed again and again */
    SignedEvents(URI home, String secret, int people) {
        this.home = home;
        this.secret = secret;
        this.people = people;
    }

    int made() {
        return next;
    }

    /** Makes requests that are good for the three minutes a signature lives. */
    List<byte[]> requests(int count) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        List<byte[]> requests = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            requests.add(request(event(next++).getBytes(UTF_8), mac));
        }
        return requests;
    }

    private String event(int i) {
        int person = i % people;
        Instant at = base.plusMillis(i);
        return """
                {"id":"event_bench%09d","event":"%s","created_at":"%s","data":{"object":"user","id":"user_bench%06d",\
                "email":"bench%d@bench.test","email_verified":true,"first_name":"Bench","last_name":"Number %d",\
                "profile_picture_url":null,"external_id":null,"metadata":{},"last_sign_in_at":null,\
                "created_at":"%s","updated_at":"%s"}}""".formatted(
                i, i < people ? "user.created" : "user.updated", at, person, person, i, base.plusMillis(person), at);
    }

    private byte[] request(byte[] body, Mac mac) {
        long millis = InstantSource.system().millis();
        mac.update((millis + ".").getBytes(UTF_8));
        String signature = "t=" + millis + ", v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        ByteArrayOutputStream request = new ByteArrayOutputStream(body.length + 300);
        request.writeBytes(("POST /api/webhooks/workos HTTP/1.1\r\nHost: " + home.getAuthority()
                        + "\r\nContent-Type: application/json\r\nWorkOS-Signature: " + signature
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(UTF_8));
        request.writeBytes(body);
        return request.toByteArray();
    }
}
