package dev.lockstep.starter;

import dev.lockstep.session.keeping.StoredSessions;
import dev.lockstep.store.Database;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;

/** Keeps sessions in PostgreSQL for the session room. It cannot read them. Thread-safe. */
final class StoredSessionRows implements StoredSessions {
    private static final int PRUNE_EVERY = 200;

    private static final String SAVE = """
            INSERT INTO lockstep.stored_session AS s (key, session_id, user_id, sealed, issued_at, expires_at)
            VALUES (:key, :session, :user, :sealed, :issued, :expires)
            ON CONFLICT (key) DO UPDATE
            SET sealed = excluded.sealed, issued_at = excluded.issued_at, expires_at = excluded.expires_at
            WHERE s.issued_at <= excluded.issued_at AND s.session_id = excluded.session_id
            """;
    private static final String FIND =
            "SELECT sealed FROM lockstep.stored_session WHERE key = :key AND expires_at > clock_timestamp()";
    private static final String REMOVE = "DELETE FROM lockstep.stored_session WHERE key = :key";
    private static final String PRUNE = """
            DELETE FROM lockstep.stored_session WHERE key IN (
              SELECT key FROM lockstep.stored_session WHERE expires_at <= clock_timestamp() LIMIT 1000
              FOR UPDATE SKIP LOCKED)
            """;

    private final Database database;
    private final AtomicInteger saved = new AtomicInteger();

    StoredSessionRows(Database database) {
        this.database = database;
    }

    @Override
    public void save(Row row) throws Unavailable {
        boolean prune = saved.incrementAndGet() % PRUNE_EVERY == 0;
        asking(() -> database.write(tx -> {
            if (prune) {
                tx.sql(PRUNE).update();
            }
            return tx.sql(SAVE)
                    .param("key", row.key())
                    .param("session", row.session().value())
                    .param("user", row.user().value())
                    .param("sealed", row.sealed())
                    .param("issued", at(row.issuedAt()))
                    .param("expires", at(row.expiresAt()))
                    .update();
        }));
    }

    @Override
    public Optional<byte[]> find(String key) throws Unavailable {
        return asking(() -> database.read(
                tx -> tx.sql(FIND).param("key", key).query(byte[].class).optional()));
    }

    @Override
    public void remove(String key) throws Unavailable {
        asking(() -> database.write(tx -> tx.sql(REMOVE).param("key", key).update()));
    }

    private static <T> T asking(Supplier<T> question) throws Unavailable {
        try {
            return question.get();
        } catch (DataAccessException failure) {
            throw new Unavailable("the table of sessions cannot be asked: "
                    + failure.getClass().getSimpleName());
        }
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
