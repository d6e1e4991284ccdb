package dev.lockstep.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signed webhooks, every one another event, from many connections at once: how many are acknowledged (that is, on disk)
 * a second, how long an acknowledgement takes, and when the last of them is in the tables. Each of {@code people} is
 * created once and then renamed again and again. Knobs: events, connections, people, warmup.
 */
final class WebhookAcks {
    private static final String UNFINISHED =
            "SELECT count(*) FROM lockstep.inbox WHERE event_id LIKE 'event_bench%' AND state IN ('new', 'retry')";
    private static final String APPLIED =
            "SELECT count(*) FROM lockstep.inbox WHERE event_id LIKE 'event_bench%' AND state = 'done'";
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(5);

    private final DemoProcess demo;
    private final Properties notes;
    private final int people;
    private final Instant base;
    private final AtomicInteger next = new AtomicInteger();

    private WebhookAcks(DemoProcess demo, Properties notes, int people, Instant base) {
        this.demo = demo;
        this.notes = notes;
        this.people = people;
        this.base = base;
    }

    public static void main(String[] args) throws Exception {
        Bench.run(args, (demo, knobs) -> {
            Instant base = InstantSource.system().instant().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
            new WebhookAcks(demo, demo.notes(), knobs.get("people", 500), base).measure(knobs);
        });
    }

    private void measure(Knobs knobs) throws Exception {
        int connections = knobs.get("connections", 32);
        int events = knobs.get("events", 20_000);
        send(knobs.get("warmup", 5_000), connections);
        awaitApplied();
        int before = next.get();
        long began = System.nanoTime();
        Latencies acks = send(events, connections);
        long acked = System.nanoTime();
        awaitApplied();
        long applied = System.nanoTime();
        Bench.say("%,d webhooks about %,d people from %d connections", events, people, connections);
        Bench.say("acknowledged  %,.0f/s  %s", events * 1e9 / (acked - began), acks);
        Bench.say("ack p99.9     %.2f ms", acks.percentile(99.9));
        Bench.say(
                "all applied   %.2f s after the last ack, %,.0f/s over the whole run",
                (applied - acked) / 1e9, events * 1e9 / (applied - began));
        long done = count(APPLIED);
        if (done != before + events) {
            throw new IllegalStateException("of " + (before + events) + " events " + done + " were applied");
        }
    }

    private Latencies send(int events, int connections) throws Exception {
        Latencies acks = new Latencies();
        int end = next.get() + events;
        List<Callable<Void>> senders = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            senders.add(() -> {
                sendUntil(end, acks);
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            for (Future<Void> sender : threads.invokeAll(senders)) {
                sender.get();
            }
        }
        next.set(end);
        return acks;
    }

    private void sendUntil(int end, Latencies acks) throws IOException, GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(notes.getProperty("workos.webhook-secret").getBytes(UTF_8), "HmacSHA256"));
        try (RawConnection connection = new RawConnection(demo.address())) {
            for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
                byte[] request = request(demo.address(), event(i).getBytes(UTF_8), mac);
                long before = System.nanoTime();
                int status = connection.exchange(request);
                if (status != 200) {
                    throw new IOException("a webhook was answered with " + status);
                }
                acks.add(System.nanoTime() - before);
            }
        }
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

    private static byte[] request(URI home, byte[] body, Mac mac) {
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

    private void awaitApplied() throws SQLException {
        long end = System.nanoTime() + LONGEST_DRAIN.toNanos();
        while (count(UNFINISHED) > 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("after " + LONGEST_DRAIN + " there are events that were not applied");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        notes.getProperty("database.url"),
                        notes.getProperty("database.username"),
                        notes.getProperty("database.password"));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
