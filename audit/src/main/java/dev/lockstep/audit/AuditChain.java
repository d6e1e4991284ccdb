package dev.lockstep.audit;

import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Owns {@code app.audit_log}: appends rows, each with an HMAC over itself and the hash of the row before it, numbered
 * without gaps, and checks them. Thread-safe.
 */
public final class AuditChain {
    private static final String LOCK =
            "SELECT 1 FROM pg_advisory_xact_lock(hashtextextended('lockstep.audit_chain', 0))";
    private static final String LAST =
            "SELECT seq, encode(hash, 'hex') AS hash FROM app.audit_log ORDER BY seq DESC LIMIT 1";
    private static final String NOW = "SELECT clock_timestamp()";
    // In a transaction whose snapshot is older than the last row this ends in 40001, never in a fork.
    private static final String APPEND = """
            INSERT INTO app.audit_log
              (seq, at, organization_id, actor, impersonator, action, target, details, previous_hash, hash)
            SELECT seq, :at::timestamptz, organization, actor, impersonator, action, target, details::jsonb, previous, hash
            FROM unnest(:seq::bigint[], :organization::text[], :actor::text[], :impersonator::text[], :action::text[],
              :target::text[], :details::text[], :previous::bytea[], :hash::bytea[])
              AS new (seq, organization, actor, impersonator, action, target, details, previous, hash)
            ON CONFLICT (seq) DO NOTHING
            """;
    private static final String PAGE = """
            SELECT seq, at, organization_id, actor, impersonator, action, target, details::text AS details,
              encode(previous_hash, 'hex') AS previous_hash, encode(hash, 'hex') AS hash
            FROM app.audit_log WHERE seq > :after ORDER BY seq LIMIT :most
            """;
    private static final int PAGE_SIZE = 2_000;
    private static final AuditHead START = new AuditHead(0, "00".repeat(32));

    private final AuditKey key;
    private final JsonMapper json = JsonMapper.builder().build();

    public AuditChain(AuditKey key) {
        this.key = key;
    }

    private record Stored(AuditRow row, String hash) {}

    /**
     * Appends in the caller's transaction. Every other appender waits until that has ended, so call it last.
     *
     * @throws ConcurrencyFailureException when the caller's snapshot is older than the chain's last row; run the whole
     *     transaction again
     */
    void append(Tx tx, List<AuditEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        tx.sql(LOCK).query(Integer.class).single();
        Instant now =
                tx.sql(NOW).query((rs, row) -> rs.getTimestamp(1).toInstant()).single();
        AuditHead link = last(tx).orElse(START);
        List<Stored> rows = new ArrayList<>();
        for (AuditEvent event : events) {
            AuditRow row = row(link, now, event);
            link = new AuditHead(row.seq(), row.hash(key));
            rows.add(new Stored(row, link.hash()));
        }
        int inserted = insert(tx, now, rows);
        if (inserted != rows.size()) {
            throw new ConcurrencyFailureException("AUDIT_CHAIN_MOVED The chain has grown since this transaction began."
                    + " Run the transaction again.");
        }
    }

    /** The last row; keep it elsewhere to detect later that the tail was cut off. */
    public AuditHead head(Tx tx) {
        return last(tx).orElse(START);
    }

    /** Checks the whole chain at one snapshot and names the first bad row. */
    public AuditVerdict verify(Database database) {
        return verify(database, START);
    }

    /** The same, and that the chain still contains a head that was kept elsewhere. */
    public AuditVerdict verify(Database database, AuditHead known) {
        return database.read(tx -> {
            AuditHead link = START;
            List<Stored> page = page(tx, link.seq());
            while (!page.isEmpty()) {
                for (Stored stored : page) {
                    Optional<AuditVerdict.Reason> wrong = wrong(link, stored);
                    if (wrong.isPresent()) {
                        return new AuditVerdict.Broken(link.seq() + 1, wrong.get());
                    }
                    link = new AuditHead(stored.row.seq(), stored.hash);
                    if (link.seq() == known.seq() && !link.equals(known)) {
                        return new AuditVerdict.Broken(link.seq(), AuditVerdict.Reason.CHANGED);
                    }
                }
                page = page(tx, link.seq());
            }
            return link.seq() < known.seq()
                    ? new AuditVerdict.Broken(link.seq() + 1, AuditVerdict.Reason.MISSING)
                    : new AuditVerdict.Intact(link);
        });
    }

    private Optional<AuditVerdict.Reason> wrong(AuditHead before, Stored stored) {
        if (stored.row.seq() != before.seq() + 1) {
            return Optional.of(AuditVerdict.Reason.MISSING);
        }
        if (!stored.row.previousHash().equals(before.hash())) {
            return Optional.of(AuditVerdict.Reason.NOT_LINKED);
        }
        return stored.row.hash(key).equals(stored.hash) ? Optional.empty() : Optional.of(AuditVerdict.Reason.CHANGED);
    }

    private AuditRow row(AuditHead before, Instant at, AuditEvent event) {
        var organization = event.organizationId();
        return new AuditRow(
                before.seq() + 1,
                at,
                organization == null ? null : organization.value(),
                event.actor(),
                event.impersonatorEmail(),
                event.action(),
                event.target(),
                details(event),
                before.hash());
    }

    private static ObjectNode details(AuditEvent event) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        event.details().forEach(details::put);
        return details;
    }

    private static Optional<AuditHead> last(Tx tx) {
        return tx.sql(LAST)
                .query((rs, row) -> new AuditHead(rs.getLong("seq"), rs.getString("hash")))
                .optional();
    }

    private static int insert(Tx tx, Instant at, List<Stored> rows) {
        return tx.sql(APPEND)
                .param("seq", rows.stream().map(stored -> stored.row.seq()).toArray(Long[]::new))
                .param("at", at.toString())
                .param("organization", texts(rows, stored -> stored.row.organizationId()))
                .param("actor", texts(rows, stored -> stored.row.actor()))
                .param("impersonator", texts(rows, stored -> stored.row.impersonator()))
                .param("action", texts(rows, stored -> stored.row.action()))
                .param("target", texts(rows, stored -> stored.row.target()))
                .param("details", texts(rows, stored -> stored.row.details().toString()))
                .param("previous", bytes(rows, stored -> stored.row.previousHash()))
                .param("hash", bytes(rows, Stored::hash))
                .update();
    }

    private static byte[][] bytes(List<Stored> rows, Function<Stored, String> hexadecimal) {
        return rows.stream()
                .map(stored -> HexFormat.of().parseHex(hexadecimal.apply(stored)))
                .toArray(byte[][]::new);
    }

    private static @Nullable String[] texts(List<Stored> rows, Function<Stored, @Nullable String> field) {
        return rows.stream().map(field).toArray(String[]::new);
    }

    private List<Stored> page(Tx tx, long after) {
        return tx.sql(PAGE)
                .param("after", after)
                .param("most", PAGE_SIZE)
                .query((rs, row) -> stored(rs))
                .list();
    }

    private Stored stored(ResultSet rs) throws SQLException {
        AuditRow row = new AuditRow(
                rs.getLong("seq"),
                rs.getTimestamp("at").toInstant(),
                rs.getString("organization_id"),
                rs.getString("actor"),
                rs.getString("impersonator"),
                rs.getString("action"),
                rs.getString("target"),
                json.readTree(rs.getString("details")),
                rs.getString("previous_hash"));
        return new Stored(row, rs.getString("hash"));
    }
}
