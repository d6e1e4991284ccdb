package dev.lockstep.bench;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/**
 * Signed webhooks, every one another event, from many connections at once: how many are acknowledged (that is, on disk)
 * a second, how long an acknowledgement takes, and when the last of them is in the tables. Knobs: events (per round),
 * connections (0: rounds of 1, 64 and 128), people, warmup, and peers=1: services in Node take the same afterwards.
 */
final class WebhookAcks {
    private static final String UNFINISHED = "SELECT count(*) FROM lockstep.inbox WHERE state IN ('new', 'retry')";
    private static final String APPLIED =
            "SELECT count(*) FROM lockstep.inbox WHERE event_id LIKE 'event_bench%' AND state = 'done'";
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(5);

    private final DemoProcess demo;
    private final Properties notes;
    private final SignedEvents events;
    private final Map<Integer, Double> rates = new HashMap<>();

    private WebhookAcks(DemoProcess demo, Properties notes, SignedEvents events) {
        this.demo = demo;
        this.notes = notes;
        this.events = events;
    }

    public static void main(String[] args) throws Exception {
        Bench.run(args, (demo, knobs) -> {
            Properties notes = demo.notes();
            SignedEvents events = new SignedEvents(
                    demo.address(), notes.getProperty("workos.webhook-secret"), knobs.get("people", 500));
            new WebhookAcks(demo, notes, events).measure(knobs);
        });
    }

    private void measure(Knobs knobs) throws Exception {
        int wanted = knobs.get("connections", 0);
        int count = knobs.get("events", 100_000);
        send(knobs.get("warmup", 50_000), wanted == 0 ? 64 : wanted);
        awaitApplied();
        for (int connections : wanted == 0 ? new int[] {1, 64, 128} : new int[] {wanted}) {
            round(connections == 1 ? Math.min(count, 10_000) : count, connections);
        }
        if (knobs.get("peers", 0) > 0) {
            new WebhookPeers(demo, knobs, rates).measure();
        }
    }

    private void round(int count, int connections) throws Exception {
        List<byte[]> requests = events.requests(count);
        CpuTimes before = CpuTimes.now(demo.handle());
        long began = System.nanoTime();
        Latencies acks = Volley.send(demo.address(), requests, connections);
        long acked = System.nanoTime();
        CpuTimes spent = CpuTimes.now(demo.handle()).since(before);
        long left = count(UNFINISHED);
        awaitApplied();
        long applied = System.nanoTime();
        rates.put(connections, count * 1e9 / (acked - began));
        Bench.say("%,d webhooks from %d connections", count, connections);
        Bench.say("  acknowledged  %,.0f/s  %s", count * 1e9 / (acked - began), acks);
        Bench.say("  ack p99.9     %.2f ms", acks.percentile(99.9));
        Bench.say("  processors    %s for each webhook", spent.per(count));
        Bench.say(
                "  all applied   %.2f s after the last ack, when %,d were left; %,.0f/s over the whole round",
                (applied - acked) / 1e9, left, count * 1e9 / (applied - began));
        long done = count(APPLIED);
        if (done != events.made()) {
            throw new IllegalStateException("of " + events.made() + " events " + done + " were applied");
        }
    }

    private void send(int count, int connections) throws IOException, GeneralSecurityException {
        if (count > 0) {
            Volley.send(demo.address(), events.requests(count), connections);
        }
    }

    private void awaitApplied() throws SQLException {
        long end = System.nanoTime() + LONGEST_DRAIN.toNanos();
        while (count(UNFINISHED) > 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("after " + LONGEST_DRAIN + " there are events that were not applied");
            }
            LockSupport.parkNanos(50_000_000);
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
