package dev.lockstep.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/**
 * A backlog that appears at once, as after an outage, and how fast the whole server applies it: tables, change feed,
 * audit and notifications. Six of ten events are about users, three about memberships, one about an organization; each
 * object has several, far apart. Knobs: events, people, warmup.
 */
final class BacklogDrain {
    private static final String FILL = """
            INSERT INTO lockstep.inbox (event_id, source, sha256, body, event_type)
            SELECT event ->> 'id', 'webhook', sha256(body), body, event ->> 'event' FROM (
              SELECT event, convert_to(event::text, 'UTF8') AS body FROM (
                SELECT jsonb_build_object('id', 'event_backlog' || i, 'event', kind || '.updated', 'created_at', at,
                  'data', data || jsonb_build_object('object', kind, 'created_at', '2026-01-01T00:00:00.000Z',
                    'updated_at', at)) AS event
                FROM (
                  SELECT i, kind, to_char(timestamp '2026-11-01' + i * interval '1 ms', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                    AS at,
                    CASE kind
                      WHEN 'organization' THEN jsonb_build_object('id', 'org_backlog' || one % teams,
                        'name', 'Team number ' || i, 'domains', '[]'::jsonb, 'metadata', '{}'::jsonb)
                      WHEN 'organization_membership' THEN jsonb_build_object('id', 'om_backlog' || one,
                        'user_id', 'user_backlog' || one, 'organization_id', 'org_backlog' || one % teams,
                        'status', 'active', 'role', '{"slug":"member"}'::jsonb, 'directory_managed', false,
                        'custom_attributes', '{}'::jsonb)
                      ELSE jsonb_build_object('id', 'user_backlog' || one, 'email', 'backlog' || one || '@bench.test',
                        'email_verified', true, 'first_name', 'Backlog', 'last_name', 'Number ' || i,
                        'profile_picture_url', NULL, 'external_id', NULL, 'metadata', '{}'::jsonb) END AS data
                  FROM (
                    SELECT i, i::bigint * 7919 % CAST(? AS int) AS one, greatest(CAST(? AS int) / 10, 1) AS teams,
                      CASE WHEN i % 10 = 0 THEN 'organization' WHEN i % 10 < 4 THEN 'organization_membership'
                        ELSE 'user' END AS kind
                    FROM generate_series(CAST(? AS int), CAST(? AS int)) i) AS numbers) AS parts) AS events) AS bodies
            """;
    /** Looks at the first only: to count them all again and again would be a good part of the load. */
    private static final String UNFINISHED = """
            SELECT (EXISTS (SELECT FROM lockstep.inbox WHERE state = 'new')
              OR EXISTS (SELECT FROM lockstep.inbox WHERE state = 'retry'))::int
            """;

    private static final String PARKED =
            "SELECT count(*) FROM lockstep.inbox WHERE state <> 'done' AND event_id LIKE 'event_backlog%'";
    private static final Duration COLLECTION = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private final DemoProcess demo;
    private final Connection connection;
    private final int people;
    private int made;

    private BacklogDrain(DemoProcess demo, Connection connection, int people) {
        this.demo = demo;
        this.connection = connection;
        this.people = people;
    }

    public static void main(String[] args) throws Exception {
        Bench.run(args, (demo, knobs) -> {
            Properties notes = demo.notes();
            try (Connection connection = DriverManager.getConnection(
                    notes.getProperty("database.url"),
                    notes.getProperty("database.username"),
                    notes.getProperty("database.password"))) {
                BacklogDrain drain = new BacklogDrain(demo, connection, knobs.get("people", 100_000));
                drain.run(knobs.get("warmup", 50_000));
                drain.run(knobs.get("events", 1_000_000));
            }
        });
    }

    private void run(int events) throws Exception {
        connection.setAutoCommit(false);
        fill(events);
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("ANALYZE lockstep.inbox");
        }
        CpuTimes before = CpuTimes.now(demo.handle());
        long memory = demo.residentMiB();
        long most = memory;
        StringBuilder heap = new StringBuilder().append(demo.heapMiBAfterCollection());
        long began = System.nanoTime();
        long collected = began;
        while (count(UNFINISHED) > 0) {
            most = Math.max(most, demo.residentMiB());
            if (System.nanoTime() - began > LONGEST.toNanos()) {
                throw new IllegalStateException("after " + LONGEST + " there are events that were not applied");
            }
            if (System.nanoTime() - collected > COLLECTION.toNanos()) {
                heap.append(' ').append(demo.heapMiBAfterCollection());
                collected = System.nanoTime();
            }
            LockSupport.parkNanos(100_000_000);
        }
        long took = System.nanoTime() - began;
        Bench.say("%,d events about %,d people, their teams and memberships", events, people);
        Bench.say("  applied     %,.0f/s, in %.1f s", events * 1e9 / took, took / 1e9);
        Bench.say(
                "  processors  %s for each event",
                CpuTimes.now(demo.handle()).since(before).per(events));
        Bench.say("  memory      server process %d MiB when it began, %d MiB at most", memory, most);
        heap.append(' ').append(demo.heapMiBAfterCollection());
        Bench.say("  heap        after a collection now and then, MiB: %s", heap);
        if (count(PARKED) > 0) {
            throw new IllegalStateException("not all events were applied");
        }
    }

    /** All at once: nothing is to be seen of the backlog before the commit. */
    private void fill(int events) throws SQLException {
        try (PreparedStatement fill = connection.prepareStatement(FILL)) {
            fill.setInt(1, people);
            fill.setInt(2, people);
            fill.setInt(3, made + 1);
            fill.setInt(4, made + events);
            fill.executeUpdate();
        }
        connection.commit();
        made += events;
    }

    private long count(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
