package dev.lockstep.sync.projection;

import dev.lockstep.store.Tx;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The objects of one answer of WorkOS as the rows they would be: to be compared, and joined. For one thread. */
public final class Observed {
    private static final String KNOWN =
            "SELECT {key} FROM {table} t WHERE t.{firstKey} = ANY(CAST(:firstKeys AS text[]))";

    private final MirrorBatch batch;
    private final Map<Mirrored, Rows> rows = new EnumMap<>(Mirrored.class);
    private final Map<Mirrored, List<String>> all = new EnumMap<>(Mirrored.class);

    private Observed(MirrorBatch batch) {
        this.batch = batch;
        Arrays.stream(Mirrored.values())
                .forEach(kind -> batch.rows(kind.table()).ifPresent(found -> rows.put(kind, found)));
        rows.forEach((kind, found) -> all.put(kind, found.keys()));
    }

    /**
     * Turns objects into rows.
     *
     * @param fetched no sessions, and nothing absent
     * @param fetchStartedAt when the request began, by our clock
     */
    public static Observed of(Tx tx, Snapshots.Fetched fetched, Instant fetchStartedAt) {
        return new Observed(Snapshots.batch(tx, fetched, fetchStartedAt, Writer.SNAPSHOT));
    }

    /** The kinds of which something came. */
    public Collection<Mirrored> kinds() {
        return rows.keySet();
    }

    /** The keys that came, once each; the parts of a key of several columns joined by slashes. */
    public List<String> keys(Mirrored kind) {
        return all.getOrDefault(kind, List.of());
    }

    /** All keys that came, by kind. */
    public Map<Mirrored, List<String>> all() {
        return all;
    }

    Rows rows(Mirrored kind) {
        Rows found = rows.get(kind);
        if (found == null) {
            throw new IllegalArgumentException("nothing came of this kind");
        }
        return found;
    }

    /**
     * Joins what is new or not as its row, in the caller's READ COMMITTED transaction. A row that says the same stays
     * untouched, so that looking again costs the feed nothing.
     *
     * @return how many were new or other than the row
     */
    public long writeChanged(Tx tx, Comparison comparison) {
        return writeChanged(tx, List.of(this), comparison).getFirst();
    }

    /** The same for several answers at once, with one look at the database and one statement for each table. */
    public static List<Long> writeChanged(Tx tx, List<Observed> answers, Comparison comparison) {
        Observed joined = answers.size() == 1
                ? answers.getFirst()
                : new Observed(MirrorBatch.of(
                        answers.stream().map(answer -> answer.batch).toList()));
        joined.batch.lock(tx);
        boolean allNew = joined.rows.entrySet().stream()
                .allMatch(found -> known(tx, found.getKey(), found.getValue()).isEmpty());
        if (!allNew) {
            Map<Mirrored, Set<String>> changed = comparison.differences(tx, joined).stream()
                    .collect(Collectors.groupingBy(
                            Difference::kind, Collectors.mapping(Difference::key, Collectors.toSet())));
            joined.keep(changed);
            answers.forEach(answer -> answer.keep(changed));
        }
        joined.batch.writeAlone(tx);
        return answers.stream().map(Observed::size).toList();
    }

    private void keep(Map<Mirrored, Set<String>> keys) {
        rows.forEach((kind, found) -> found.keep(keys.getOrDefault(kind, Set.of())));
    }

    private long size() {
        return rows.values().stream().mapToLong(Rows::size).sum();
    }

    private static Set<String> known(Tx tx, Mirrored kind, Rows rows) {
        return new HashSet<>(tx.sql(kind.in(KNOWN))
                .param("firstKeys", rows.firstKeys())
                .query(String.class)
                .list());
    }
}
