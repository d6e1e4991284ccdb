package dev.lockstep.sync.inbox;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the writing end of {@code lockstep.inbox}: each event once, and nothing that was received is ever lost. */
final class InboxRows {
    private static final Logger LOG = LoggerFactory.getLogger(InboxRows.class);
    private static final String INSERT = """
            INSERT INTO lockstep.inbox (event_id, source, sha256, body, event_type)
            SELECT * FROM unnest(CAST(:keys AS text[]), CAST(:sources AS text[]), CAST(:digests AS bytea[]),
              CAST(:bodies AS bytea[]), CAST(:types AS text[]))
            ON CONFLICT (event_id) DO NOTHING
            RETURNING event_id
            """;
    private static final String READ = """
            SELECT event_id, source, sha256 FROM lockstep.inbox WHERE event_id = ANY(:keys)
            """;
    private static final String KEEP_CONFLICT = """
            INSERT INTO lockstep.inbox (event_id, source, sha256, body, event_type, conflicts_with, state, reason,
              finished_at)
            VALUES (:key, :source, :digest, :body, :type, :taken, 'parked',
              'conflict: another body under an event id that is taken', clock_timestamp())
            ON CONFLICT (event_id) DO NOTHING
            """;

    private InboxRows() {}

    @SuppressWarnings("ArrayRecordComponent") // a row; never compared
    private record Held(String eventId, String source, byte[] sha256) {}

    static List<Receipt> store(Tx tx, List<Arrival> arrivals) {
        // In the order of their keys, so that two nodes with the same events never wait for each other.
        Map<String, Arrival> first = new TreeMap<>();
        arrivals.forEach(arrival -> first.putIfAbsent(arrival.key().value(), arrival));
        Set<String> inserted = insert(tx, List.copyOf(first.values()));
        Map<String, Held> held = inserted.size() == arrivals.size() ? Map.of() : read(tx, first.keySet());
        List<Receipt> receipts = new ArrayList<>(arrivals.size());
        for (Arrival arrival : arrivals) {
            String key = arrival.key().value();
            // The first arrival of a key is the one that was inserted; any further one of the batch repeats it.
            receipts.add(
                    inserted.remove(key) ? new Receipt.Stored(arrival.key()) : repeated(tx, arrival, held.get(key)));
        }
        return receipts;
    }

    private static Set<String> insert(Tx tx, List<Arrival> arrivals) {
        return new HashSet<>(tx.sql(INSERT)
                .param("keys", column(arrivals, arrival -> arrival.key().value()))
                .param(
                        "sources",
                        column(arrivals, arrival -> arrival.received().source().column()))
                .param("digests", arrivals.stream().map(Arrival::sha256).toArray(byte[][]::new))
                .param(
                        "bodies",
                        arrivals.stream()
                                .map(arrival -> arrival.received().body())
                                .toArray(byte[][]::new))
                .param("types", arrivals.stream().map(Arrival::type).toArray(String[]::new))
                .query(String.class)
                .list());
    }

    private static Map<String, Held> read(Tx tx, Set<String> keys) {
        return tx
                .sql(READ)
                .param("keys", keys.toArray(String[]::new))
                .query((row, number) ->
                        new Held(row.getString("event_id"), row.getString("source"), row.getBytes("sha256")))
                .list()
                .stream()
                .collect(Collectors.toMap(Held::eventId, Function.identity()));
    }

    private static Receipt repeated(Tx tx, Arrival arrival, @Nullable Held held) {
        if (held == null) {
            throw new SyncProblem(
                    SyncProblem.Code.SYNC_ROW_COUNT,
                    "An event was neither inserted nor found; somebody else deletes from lockstep.inbox.");
        }
        // The two mouths write the same event in different words; only within one mouth must the bytes agree.
        boolean sameMouth = held.source().equals(arrival.received().source().column());
        if (!sameMouth || arrival.hasDigest(held.sha256())) {
            return new Receipt.Duplicate(arrival.key());
        }
        EventId keptAs = arrival.keyByContent();
        int kept = tx.sql(KEEP_CONFLICT)
                .param("key", keptAs.value())
                .param("source", arrival.received().source().column())
                .param("digest", arrival.sha256())
                .param("body", arrival.received().body())
                .param("type", arrival.type())
                .param("taken", arrival.key().value())
                .update();
        if (kept == 1) {
            LOG.error(
                    "{}: event {} came again with another body; both are kept, the second one parked as {}.",
                    SyncProblem.Code.SYNC_EVENT_CONFLICT,
                    arrival.key(),
                    keptAs);
        }
        return new Receipt.Conflict(arrival.key(), keptAs);
    }

    private static String[] column(List<Arrival> arrivals, Function<Arrival, String> value) {
        return arrivals.stream().map(value).toArray(String[]::new);
    }
}
