package dev.lockstep.workosdouble;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Cuts one page out of ids in order, by cursors that are object ids; the cost is that of the page, not of the list. */
final class Paging {
    static final int DEFAULT_LIMIT = 10;
    static final int MAX_LIMIT = 100;

    private Paging() {}

    /** A page as the caller asked for it; at most one cursor is not null. A drift spoils it on purpose. */
    record Ask(
            @Nullable String before,
            @Nullable String after,
            int limit,
            boolean ascending,
            Fault.Drift.@Nullable Way drift) {
        static Ask of(Request request) {
            String before = request.query("before");
            String after = request.query("after");
            if (before != null && after != null) {
                throw ApiRefusal.invalid("before", "mutually_exclusive_with_after");
            }
            String order = request.query("order");
            if (order != null && !order.equals("asc") && !order.equals("desc")) {
                throw ApiRefusal.invalid("order", "order_must_be_asc_or_desc");
            }
            return new Ask(before, after, Paging.limit(request), "asc".equals(order), request.drift());
        }
    }

    /** The ids of one page in list order, and the cursors of its neighbours (null at the ends). */
    record Page<I>(
            List<I> ids, @Nullable String before, @Nullable String after) {}

    static int limit(Request request) {
        String text = request.query("limit");
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        int limit;
        try {
            limit = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw ApiRefusal.invalid("limit", "limit_must_be_an_integer");
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ApiRefusal.invalid("limit", "limit_must_be_between_1_and_100");
        }
        return limit;
    }

    static <I> Page<I> cut(
            NavigableSet<I> ascending,
            Ask ask,
            Function<String, I> idOf,
            Function<I, String> textOf,
            Predicate<I> keep) {
        NavigableSet<I> listed = ask.ascending() ? ascending : ascending.descendingSet();
        boolean backwards = ask.before() != null;
        NavigableSet<I> rest = listed;
        if (ask.before() != null) {
            rest = listed.headSet(idOf.apply(ask.before()), false).descendingSet();
        } else if (ask.after() != null) {
            rest = listed.tailSet(idOf.apply(ask.after()), ask.drift() == Fault.Drift.Way.REPEATED);
        }
        boolean skipping = ask.drift() == Fault.Drift.Way.SKIPPED;
        List<I> ids = new ArrayList<>();
        boolean more = false;
        for (Iterator<I> walk = rest.iterator(); walk.hasNext() && !more; ) {
            I id = walk.next();
            if (skipping && keep.test(id)) {
                skipping = false;
            } else if (keep.test(id)) {
                more = ids.size() == ask.limit();
                if (!more) {
                    ids.add(id);
                }
            }
        }
        if (backwards) {
            ids = ids.reversed();
        }
        if (ids.isEmpty()) {
            return new Page<>(ids, null, null);
        }
        boolean hasBefore = backwards ? more : ask.after() != null;
        boolean hasAfter = backwards || more;
        return new Page<>(
                ids, hasBefore ? textOf.apply(ids.getFirst()) : null, hasAfter ? textOf.apply(ids.getLast()) : null);
    }
}
