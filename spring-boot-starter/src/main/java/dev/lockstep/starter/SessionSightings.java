package dev.lockstep.starter;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
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
import java.util.function.Consumer;
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

    private static final String LOST = """
            SELECT s.id FROM unnest(:users::text[]) AS s (id)
            LEFT JOIN workos.users u USING (id) LEFT JOIN app.profiles p ON p.workos_user_id = s.id
            WHERE u.id IS NULL OR u.deleted_at IS NULL AND p.workos_user_id IS NULL
            """;

    private final Database database;
    private final InstantSource clock;
    private final Consumer<UserId> lost;
    private final Cache<SessionId, Boolean> recent;
    private final Map<SessionId, Sighting> pending = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread thread;

    /** @param lost is told of people who are signed in and have no rows, on the thread that writes; may fail */
    public SessionSightings(Database database, InstantSource clock, Consumer<UserId> lost) {
        this.database = database;
        this.lost = lost;
        this.clock = clock;
        this.recent = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(PRECISION)
                .ticker(() -> nanos(clock.instant()))
                .executor(Runnable::run)
                .build();
    }

    private record Sighting(
            UserId user,
            Instant at,
            @Nullable String address,
            @Nullable String agent) {}

    /** Returns whether this use of the session would be noted; the others cost one look-up in memory. */
    public boolean isDue(SessionId session) {
        return recent.getIfPresent(session) == null;
    }

    /** Notes that a session is in use. Writes nothing itself. */
    public void seen(SessionId session, UserId user, @Nullable String address, @Nullable String agent) {
        if (recent.asMap().putIfAbsent(session, Boolean.TRUE) == null && pending.size() < MOST) {
            pending.put(session, new Sighting(user, clock.instant(), address, readable(agent)));
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
        tellOfLost(batch.stream()
                .map(entry -> entry.getValue().user().value())
                .distinct()
                .toList());
        return batch.size();
    }

    private void tellOfLost(List<String> users) {
        List<String> without = database.read(tx ->
                tx.sql(LOST).param("users", texts(users)).query(String.class).list());
        for (String user : without) {
            try {
                lost.accept(new UserId(user));
            } catch (RuntimeException later) {
                // The database's own words may repeat values of rows.
                LOG.warn(
                        "rows of {}, who is signed in, are missing and could not be made now ({}); tried again when they"
                                + " are next seen",
                        user,
                        later.getClass().getSimpleName());
            }
        }
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
