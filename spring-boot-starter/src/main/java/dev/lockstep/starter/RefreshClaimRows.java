package dev.lockstep.starter;

import dev.lockstep.session.refresh.RefreshClaims;
import dev.lockstep.store.Database;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;

/** Lets the nodes agree through PostgreSQL on who spends a refresh token. It cannot read the answers. Thread-safe. */
final class RefreshClaimRows implements RefreshClaims {
    private static final int PRUNE_EVERY = 200;

    private static final String LOOK =
            "SELECT sealed FROM lockstep.refresh_flight WHERE flight = :flight AND until > clock_timestamp()";
    private static final String CLAIM = """
            INSERT INTO lockstep.refresh_flight AS f (flight, ticket, until)
            VALUES (:flight, gen_random_uuid()::text, clock_timestamp() + make_interval(secs => :seconds))
            ON CONFLICT (flight) DO UPDATE SET ticket = excluded.ticket, until = excluded.until, sealed = NULL
            WHERE f.until <= clock_timestamp()
            RETURNING ticket, f.renewed_at IS NOT NULL AS spent
            """;
    private static final String ANSWER = """
            UPDATE lockstep.refresh_flight
            SET sealed = :sealed, until = clock_timestamp() + make_interval(secs => :seconds),
              renewed_at = CASE WHEN :renewed THEN clock_timestamp() ELSE renewed_at END
            WHERE flight = :flight AND ticket = :ticket
            """;
    private static final String PRUNE = """
            DELETE FROM lockstep.refresh_flight WHERE flight IN (
              SELECT flight FROM lockstep.refresh_flight WHERE until < clock_timestamp()
                - CASE WHEN renewed_at IS NULL THEN interval '1 minute' ELSE interval '1 day' END LIMIT 1000
              FOR UPDATE SKIP LOCKED)
            """;

    private final Database database;
    private final AtomicInteger answered = new AtomicInteger();

    RefreshClaimRows(Database database) {
        this.database = database;
    }

    @Override
    public Claim claim(String flight, Duration lease) throws Unavailable {
        return asking(() -> look(flight)
                .or(() -> database.write(tx -> tx.sql(CLAIM)
                        .param("flight", flight)
                        .param("seconds", seconds(lease))
                        .<Claim>query((row, n) -> new Mine(row.getString(1), row.getBoolean(2)))
                        .optional()))
                .or(() -> look(flight))
                .orElseGet(Taken::new));
    }

    private Optional<Claim> look(String flight) {
        return database.read(tx -> tx.sql(LOOK)
                .param("flight", flight)
                .<Claim>query((row, n) -> {
                    byte[] sealed = row.getBytes(1);
                    return sealed == null ? new Taken() : new Answered(sealed);
                })
                .optional());
    }

    @Override
    public void answer(String flight, String ticket, byte[] sealed, boolean renewed, Duration keep) throws Unavailable {
        boolean prune = answered.incrementAndGet() % PRUNE_EVERY == 0;
        asking(() -> database.write(tx -> {
            if (prune) {
                tx.sql(PRUNE).update();
            }
            return tx.sql(ANSWER)
                    .param("flight", flight)
                    .param("ticket", ticket)
                    .param("sealed", sealed)
                    .param("renewed", renewed)
                    .param("seconds", seconds(keep))
                    .update();
        }));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static <T> T asking(Supplier<T> question) throws Unavailable {
        try {
            return question.get();
        } catch (DataAccessException failure) {
            throw new Unavailable(
                    "the nodes cannot agree on a renewal: " + failure.getClass().getSimpleName());
        }
    }
}
