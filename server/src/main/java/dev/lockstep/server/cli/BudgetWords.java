package dev.lockstep.server.cli;

import dev.lockstep.sync.freshness.RateBudgets;
import dev.lockstep.sync.freshness.RateBudgets.Noted;
import dev.lockstep.workos.RateBudget.Refusal;
import dev.lockstep.workos.RateBudget.Standing;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rate budget in words and as JSON. */
final class BudgetWords {
    private BudgetWords() {}

    static String line(Noted noted) {
        Standing now = noted.standing();
        Refusal refusal = now.refusal();
        return String.format(
                Locale.ROOT,
                "%s %s, %s: %.0f of %.0f calls/s, %.0f left, %d used, %d wait%s",
                noted.label(),
                noted.process().substring(0, 8),
                noted.scope().equals(RateBudgets.ENVIRONMENT) ? "all calls" : noted.scope(),
                now.perSecond(),
                now.fullPerSecond(),
                Math.floor(now.left()),
                now.used(),
                now.waiting(),
                refusal == null
                        ? ", never refused"
                        : String.format(
                                Locale.ROOT,
                                ", last 429 %d s ago with Retry-After %.1f s",
                                refusal.ago().toSeconds(),
                                refusal.retryAfter().toMillis() / 1000.0));
    }

    static Map<String, @Nullable Object> document(Noted noted) {
        Standing now = noted.standing();
        Refusal refusal = now.refusal();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("process", noted.label() + " " + noted.process());
        document.put("scope", noted.scope());
        document.put("perSecond", now.perSecond());
        document.put("fullPerSecond", now.fullPerSecond());
        document.put("left", Math.floor(now.left()));
        document.put("used", now.used());
        document.put("waiting", now.waiting());
        document.put("refusedSecondsAgo", refusal == null ? null : refusal.ago().toSeconds());
        document.put(
                "retryAfterSeconds",
                refusal == null ? null : refusal.retryAfter().toMillis() / 1000.0);
        return document;
    }
}
