package dev.lockstep.bench;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * The same webhooks to two services in Node, on the same PostgreSQL and by the same sender: a careful one that commits
 * an inbox row and applies nothing, in one process and in two, and an everyday one that writes the user's row in the
 * request. Knobs: peerevents (per round), peerwarmup, peerconnections (to the database).
 */
final class WebhookPeers {
    private static final String TABLES = """
            DROP SCHEMA IF EXISTS bench_peer CASCADE;
            CREATE SCHEMA bench_peer;
            CREATE TABLE bench_peer.inbox (
              event_id text PRIMARY KEY, event_type text NOT NULL, body text NOT NULL,
              received_at timestamptz NOT NULL DEFAULT now());
            CREATE TABLE bench_peer.users (
              id text PRIMARY KEY, email text NOT NULL, first_name text, last_name text, email_verified boolean NOT NULL,
              picture text, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
            """;

    private static final String STORED = "SELECT count(*) FROM bench_peer.inbox";
    private static final String PEOPLE = "SELECT count(*) FROM bench_peer.users";

    private final DemoProcess demo;
    private final Properties notes;
    private final Knobs knobs;
    private final Map<Integer, Double> ours;

    /** @param ours acknowledgements a second of Lockstep by number of connections, taken in this run */
    WebhookPeers(DemoProcess demo, Knobs knobs, Map<Integer, Double> ours) throws IOException {
        this.demo = demo;
        this.notes = demo.notes();
        this.knobs = knobs;
        this.ours = Map.copyOf(ours);
    }

    private record Peer(String name, String program, int processes, boolean keepsAll) {}

    void measure() throws Exception {
        NodePrograms programs = NodePrograms.ready();
        for (Peer peer : List.of(
                new Peer("Fastify + pg, inbox", "webhook-inbox.mjs", 1, true),
                new Peer("Fastify + pg, inbox, two processes", "webhook-inbox.mjs", 2, true),
                new Peer("Express + pg, applied inline", "webhook-inline.mjs", 1, false))) {
            query(TABLES);
            try (NodePrograms.Running service = programs.serve(peer.program(), environment(peer))) {
                rounds(peer, service);
            }
        }
    }

    private void rounds(Peer peer, NodePrograms.Running service) throws Exception {
        SignedEvents events = new SignedEvents(
                service.address(), notes.getProperty("workos.webhook-secret"), knobs.get("people", 500));
        Volley.send(service.address(), events.requests(knobs.get("peerwarmup", 20_000)), 64);
        for (int connections : ours.keySet().stream().sorted().toList()) {
            int count = knobs.get("peerevents", 30_000);
            round(peer, service, events, connections == 1 ? Math.min(count, 10_000) : count, connections);
        }
        long kept = query(peer.keepsAll() ? STORED : PEOPLE);
        long wanted = peer.keepsAll() ? events.made() : Math.min(events.made(), knobs.get("people", 500));
        if (kept != wanted) {
            throw new IllegalStateException(peer.name() + " holds " + kept + " rows, not " + wanted);
        }
    }

    private void round(Peer peer, NodePrograms.Running service, SignedEvents events, int count, int connections)
            throws IOException, GeneralSecurityException {
        List<byte[]> requests = events.requests(count);
        CpuTimes node = CpuTimes.now(service.process().toHandle());
        CpuTimes database = CpuTimes.now(demo.handle());
        long began = System.nanoTime();
        Latencies acks = Volley.send(service.address(), requests, connections);
        double perSecond = count * 1e9 / (System.nanoTime() - began);
        CpuTimes spent = CpuTimes.now(service.process().toHandle()).since(node);
        // The workers of a cluster are below its process, as PostgreSQL is below the demo's.
        double inNode = (spent.server() + spent.postgres()) * 1e6 / count;
        double inPostgres = CpuTimes.now(demo.handle()).since(database).postgres() * 1e6 / count;
        Bench.say("%s: %,d webhooks from %d connections", peer.name(), count, connections);
        Bench.say("  acknowledged  %,.0f/s  %s", perSecond, acks);
        Bench.say("  processors    Node %.0f µs, PostgreSQL %.0f µs for each webhook", inNode, inPostgres);
        Bench.say("  Lockstep      %.2f times its rate", Objects.requireNonNull(ours.get(connections)) / perSecond);
    }

    private Map<String, String> environment(Peer peer) {
        URI database = URI.create(notes.getProperty("database.url").substring("jdbc:".length()));
        Map<String, String> environment = new HashMap<>();
        environment.put("BENCH_WEBHOOK_SECRET", notes.getProperty("workos.webhook-secret"));
        environment.put("BENCH_PROCESSES", Integer.toString(peer.processes()));
        environment.put("BENCH_CONNECTIONS", Integer.toString(knobs.get("peerconnections", 16)));
        environment.put("PGHOST", database.getHost());
        environment.put("PGPORT", Integer.toString(database.getPort()));
        environment.put("PGDATABASE", database.getPath().substring(1));
        environment.put("PGUSER", notes.getProperty("database.username"));
        environment.put("PGPASSWORD", notes.getProperty("database.password"));
        return environment;
    }

    private long query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        notes.getProperty("database.url"),
                        notes.getProperty("database.username"),
                        notes.getProperty("database.password"));
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return 0;
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getLong(1);
            }
        }
    }
}
