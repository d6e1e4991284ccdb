package dev.lockstep.sync.projection;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Observations of the objects of one table, brought down to as few rows as the merge allows: the events about an object
 * are one row, by the same rule by which the database would join them one after another. A snapshot stays a row of its
 * own. Not thread-safe.
 */
final class Joined {
    private final MirrorTable.Rule rule;
    private final Map<List<String>, MirrorRow> events = new HashMap<>();
    private final boolean apart;
    private final Map<List<String>, List<MirrorRow>> others = new HashMap<>();
    private final Set<List<String>> tied = new HashSet<>();

    /** @param apart whether even events stay apart */
    Joined(MirrorTable.Rule rule, boolean apart) {
        this.rule = rule;
        this.apart = apart;
    }

    /** Adds a row; it may be changed from here on. */
    void add(MirrorRow row) {
        List<String> key = row.key();
        if (apart || !row.has("event_at")) {
            others.computeIfAbsent(key, same -> new ArrayList<>()).add(row);
            return;
        }
        MirrorRow held = events.putIfAbsent(key, row);
        if (held != null) {
            events.put(key, join(key, held, row));
        }
    }

    /** The keys of objects of which two different events, neither of them its end, are of one moment. */
    Set<List<String>> tied() {
        return tied;
    }

    /** Rows in the order of their keys; no key twice within a round. */
    List<List<MirrorRow>> rounds() {
        Map<String, List<MirrorRow>> byKey = new TreeMap<>();
        events.forEach((key, row) -> byKey.computeIfAbsent(String.join("/", key), same -> new ArrayList<>())
                .add(row));
        others.forEach((key, rows) -> byKey.computeIfAbsent(String.join("/", key), same -> new ArrayList<>())
                .addAll(rows));
        List<List<MirrorRow>> rounds = new ArrayList<>();
        for (List<MirrorRow> rows : byKey.values()) {
            for (int round = 0; round < rows.size(); round++) {
                if (round == rounds.size()) {
                    rounds.add(new ArrayList<>());
                }
                rounds.get(round).add(rows.get(round));
            }
        }
        return rounds;
    }

    private MirrorRow join(List<String> key, MirrorRow one, MirrorRow other) {
        int order = compare(one, other, "event_at", "event_id");
        if (order != 0 && !one.isGone() && !other.isGone() && time(one).equals(time(other))) {
            tied.add(key);
        }
        MirrorRow newer = order >= 0 ? one : other;
        return switch (rule) {
            case RETURNING -> newer;
            case TERMINAL -> {
                MirrorRow tomb = earlierTomb(one, other);
                if (tomb != null) {
                    newer.set("deleted_at", tomb.get("deleted_at"));
                    newer.set("deleted_by", tomb.get("deleted_by"));
                }
                yield newer;
            }
        };
    }

    private static @Nullable MirrorRow earlierTomb(MirrorRow one, MirrorRow other) {
        if (!one.isGone()) {
            return other.isGone() ? other : null;
        }
        return !other.isGone() || compare(one, other, "deleted_at", "deleted_by") <= 0 ? one : other;
    }

    /** By time, then by the bytes of the text, as the database compares. */
    private static int compare(MirrorRow one, MirrorRow other, String time, String text) {
        int order = Instant.parse(one.said(time)).compareTo(Instant.parse(other.said(time)));
        return order != 0
                ? order
                : Arrays.compareUnsigned(
                        one.said(text).getBytes(StandardCharsets.UTF_8),
                        other.said(text).getBytes(StandardCharsets.UTF_8));
    }

    private static Instant time(MirrorRow row) {
        return Instant.parse(row.said("event_at"));
    }
}
