package dev.lockstep.live.function;

import dev.lockstep.identity.Caller;
import dev.lockstep.store.Tx;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Owns {@code lockstep.live_request}: which requests have been carried out, and with what reply. The row is written in
 * the mutation's own transaction, so that a request and its effect exist together or not at all.
 *
 * <p>The clock value of a request is the least one at which its transaction can be seen: the epoch, and its own
 * transaction id plus one. It is known before the commit, so every replay gets the same.
 */
final class RequestLog {
    private static final String CLAIM = """
            INSERT INTO lockstep.live_request (identity, client_session, request_id, result, ts)
            VALUES (:identity, :session, :request, to_jsonb('null'::text),
              coalesce((SELECT epoch FROM lockstep.clock), 1)::bigint * 281474976710656
                + pg_current_xact_id()::text::bigint + 1)
            ON CONFLICT DO NOTHING
            RETURNING xid::text::bigint AS xid, ts, NULL::text AS result,
              set_config('statement_timeout', :timeout, true) AS timeout,
              set_config('idle_in_transaction_session_timeout', :silence, true) AS silence
            """;
    private static final String FIND = """
            SELECT xid::text::bigint AS xid, ts, result #>> '{}' AS result FROM lockstep.live_request
            WHERE identity = :identity AND client_session = :session AND request_id = :request
            """;
    private static final String SAVE = """
            UPDATE lockstep.live_request SET result = to_jsonb(CAST(:result AS text))
            WHERE identity = :identity AND client_session = :session AND request_id = :request
            """;
    private static final String PRUNE =
            "DELETE FROM lockstep.live_request WHERE at < clock_timestamp() - make_interval(secs => :seconds)";

    /**
     * Names a request. The caller is part of the name, so that nobody gets the reply of somebody else.
     *
     * @param identity the person or key, whatever the session
     */
    record Key(String identity, UUID clientSession, long requestId) {
        static Key of(Caller caller, UUID clientSession, long requestId) {
            String identity = switch (caller) {
                case Caller.SignedIn person -> "user:" + person.user().value();
                case Caller.Machine machine -> "key:" + machine.keyId();
                case Caller.Anonymous nobody -> "anonymous";
            };
            return new Key(identity, clientSession, requestId);
        }
    }

    /**
     * A request in the log.
     *
     * @param result the reply as JSON text; null while its transaction runs
     */
    record Entry(long xid, long ts, @Nullable String result) {
        String reply() {
            if (result == null) {
                throw lost();
            }
            return result;
        }
    }

    /**
     * Enters the request, unless it is there already: then nothing is returned. On the way it limits how long each further
     * statement of the transaction may take, and, half as long, how long the server waits for the next one: a node that is cut off in the
     * middle must not hold the request, and its locks, for ever.
     */
    Optional<Entry> claim(Tx tx, Key key, Duration timeout) {
        return read(statement(tx, CLAIM, key)
                .param("timeout", Long.toString(timeout.toMillis()))
                .param("silence", Long.toString(timeout.toMillis() / 2)));
    }

    /** The request that an earlier transaction has carried out. */
    Entry find(Tx tx, Key key) {
        return read(statement(tx, FIND, key)).orElseThrow(RequestLog::lost);
    }

    /** Writes the reply to the request that this transaction has claimed; that there is none is written already. */
    void save(Tx tx, Key key, String result) {
        if (result.equals("null")) {
            return;
        }
        int rows = statement(tx, SAVE, key).param("result", result).update();
        if (rows != 1) {
            throw lost();
        }
    }

    /** Deletes what is older than any replay can be. */
    int prune(Tx tx, Duration kept) {
        return tx.sql(PRUNE).param("seconds", kept.toSeconds()).update();
    }

    private static JdbcClient.StatementSpec statement(Tx tx, String text, Key key) {
        return tx.sql(text)
                .param("identity", key.identity())
                .param("session", key.clientSession())
                .param("request", key.requestId());
    }

    private static Optional<Entry> read(JdbcClient.StatementSpec statement) {
        return statement
                .query((rs, row) -> new Entry(rs.getLong("xid"), rs.getLong("ts"), rs.getString("result")))
                .optional();
    }

    private static LiveProblem lost() {
        return new LiveProblem(
                LiveProblem.Code.LIVE_REQUEST_LOST, "The row of a request vanished while it was carried out");
    }
}
