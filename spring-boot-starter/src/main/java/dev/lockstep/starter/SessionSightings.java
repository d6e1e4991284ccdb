package dev.lockstep.starter;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lockstep.identity.SessionId;
import dev.lockstep.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Remembers when and from where each session was last used: in memory at once, in PostgreSQL in batches and for one
 * session at most every five minutes, so that no request waits for it. What was not written when the process ends is
 * lost, which costs minutes of precision and nothing else. Thread-safe.
 */
public final class SessionSightings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionSightings.class);
    private static final Duration PRECISION = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int MOST = 100_000;
    private static final int BATCH = 1_000;
    private static final int LONGEST_AGENT = 512;

    private static final String WRITE = """
            INSERT INTO lockstep.session_seen AS s (session_id, seen_at, ip_address, user_agent)
            SELECT * FROM unnest(:ids::text[], :times::timestamptz[], :addresses::text[], :agents::text[])
            ON CONFLICT (session_id) DO UPDATE
            SET seen_at = excluded.seen_at, ip_address = excluded.ip_address, user_agent = excluded.user_agent
            WHERE s.seen_at < excluded.seen_at
            """;

    private final Database database;
    private final InstantSource clock;
    private final Cache<SessionId, Boolean> recent;
    private final Map<SessionId, Sighting> pending = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread thread;

    public SessionSightings(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.recent = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(PRECISION)
                .ticker(() -> nanos(clock.instant()))
                .executor(Runnable::run)
                .build();
    }

    private record Sighting(
            Instant at, @Nullable String address, @Nullable String agent) {}

    /** Returns whether this use of the session would be noted; the others cost one look-up in memory. */
    public boolean isDue(SessionId session) {
        return recent.getIfPresent(session) == null;
    }

    /** Notes that a session is in use. Writes nothing itself. */
    public void seen(SessionId session, @Nullable String address, @Nullable String agent) {
        if (recent.asMap().putIfAbsent(session, Boolean.TRUE) == null && pending.size() < MOST) {
            pending.put(session, new Sighting(clock.instant(), address, readable(agent)));
        }
    }

    void start() {
        thread = Thread.ofVirtual().name("lockstep-session-sightings").start(this::run);
    }

    private void run() {
        try {
            while (!closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                safely();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        safely();
    }

    private void safely() {
        try {
            write();
        } catch (DataAccessException away) {
            LOG.debug("sightings wait for the database: {}", away.getClass().getSimpleName());
        } catch (RuntimeException broken) {
            LOG.error("sightings were not written; the next round follows", broken);
        }
    }

    /** Writes what was noted and returns how many sessions that were; what cannot be written stays noted. */
    int write() {
        List<Map.Entry<SessionId, Sighting>> batch =
                pending.entrySet().stream().limit(BATCH).toList();
        if (batch.isEmpty()) {
            return 0;
        }
        var times = new ArrayList<String>();
        batch.forEach(entry -> times.add(entry.getValue().at().toString()));
        database.write(tx -> tx.sql(WRITE)
                .param("ids", texts(batch.stream().map(e -> e.getKey().value()).toList()))
                .param("times", texts(times))
                .param(
                        "addresses",
                        batch.stream().map(e -> e.getValue().address()).toArray(String[]::new))
                .param("agents", batch.stream().map(e -> e.getValue().agent()).toArray(String[]::new))
                .update());
        batch.forEach(entry -> pending.remove(entry.getKey(), entry.getValue()));
        return batch.size();
    }

    private static String[] texts(List<String> list) {
        return list.toArray(String[]::new);
    }

    private static @Nullable String readable(@Nullable String agent) {
        if (agent == null) {
            return null;
        }
        String clean = agent.replaceAll("\\p{Cntrl}", "");
        return clean.length() > LONGEST_AGENT ? clean.substring(0, LONGEST_AGENT) : clean;
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    @Override
    public void close() {
        closing.countDown();
        Thread running = thread;
        if (running != null) {
            try {
                running.join(Duration.ofSeconds(5));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
