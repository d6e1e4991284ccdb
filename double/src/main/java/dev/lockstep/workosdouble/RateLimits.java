package dev.lockstep.workosdouble;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The documented request limits of production, counted in windows by the double's clock. Thread-safe. */
final class RateLimits {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final int MOST_WINDOWS = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Window> windows = new HashMap<>();

    private record Rule(String key, int most, Duration per) {}

    private record Window(Instant from, int used) {}

    /** Refuses the request when a limit that it falls under is used up. */
    void check(Request request, Instant now) {
        lock.lock();
        try {
            if (windows.size() > MOST_WINDOWS) {
                windows.clear();
            }
            List<Rule> rules = rules(request);
            for (Rule rule : rules) {
                Window window = window(rule, now);
                if (window.used() >= rule.most()) {
                    throw ApiRefusal.tooMany(Duration.between(now, window.from().plus(rule.per())));
                }
            }
            for (Rule rule : rules) {
                Window window = window(rule, now);
                windows.put(rule.key(), new Window(window.from(), window.used() + 1));
            }
        } finally {
            lock.unlock();
        }
    }

    private Window window(Rule rule, Instant now) {
        Window window = windows.get(rule.key());
        if (window == null
                || now.isBefore(window.from())
                || !now.isBefore(window.from().plus(rule.per()))) {
            return new Window(now, 0);
        }
        return window;
    }

    private static List<Rule> rules(Request request) {
        Rule everything = new Rule("everything", 6_000, MINUTE);
        String path = request.path();
        boolean reading = request.method().equals("GET");
        if (path.startsWith("/user_management/")) {
            return List.of(
                    everything,
                    reading ? new Rule("read users", 1_000, TEN_SECONDS) : new Rule("write users", 500, TEN_SECONDS));
        }
        if (path.startsWith("/directory_users")) {
            String directory = request.query("directory");
            return List.of(
                    everything,
                    new Rule("directory " + (directory == null ? "" : directory), 4, Duration.ofSeconds(1)));
        }
        if (path.startsWith("/organizations/") && request.method().equals("DELETE")) {
            return List.of(everything, new Rule("delete organizations", 50, MINUTE));
        }
        return List.of(everything);
    }
}
