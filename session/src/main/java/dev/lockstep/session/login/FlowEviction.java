package dev.lockstep.session.login;

import dev.lockstep.session.SessionCookies;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps the number of open attempts small, so that abandoned ones never fill the request's headers. */
final class FlowEviction {
    private FlowEviction() {}

    /** Names the attempts to drop so that {@code keep} remain: unreadable ones first, then the oldest. */
    static List<String> toDrop(List<String> cookieHeaders, PendingLogins pending, int keep) {
        Map<String, Instant> begun = new LinkedHashMap<>();
        for (SessionCookies.Pair pair : SessionCookies.parse(cookieHeaders)) {
            if (FlowCookie.isName(pair.name())) {
                Instant start = pending.open(pair.value()) instanceof PendingLogins.Current current
                        ? current.login().startedAt()
                        : Instant.MIN;
                begun.merge(pair.name(), start, (left, right) -> left.isBefore(right) ? left : right);
            }
        }
        var oldestFirst = new ArrayList<>(begun.keySet());
        oldestFirst.sort(Comparator.comparing(begun::get));
        return List.copyOf(oldestFirst.subList(0, Math.max(0, oldestFirst.size() - keep)));
    }

    static List<String> names(List<String> cookieHeaders) {
        return SessionCookies.parse(cookieHeaders).stream()
                .map(SessionCookies.Pair::name)
                .filter(FlowCookie::isName)
                .distinct()
                .toList();
    }

    static List<String> values(List<String> cookieHeaders, String name) {
        return SessionCookies.parse(cookieHeaders).stream()
                .filter(pair -> pair.name().equals(name) && !pair.value().isEmpty())
                .map(SessionCookies.Pair::value)
                .toList();
    }
}
