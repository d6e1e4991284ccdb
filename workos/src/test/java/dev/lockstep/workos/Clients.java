package dev.lockstep.workos;

import dev.lockstep.testing.SettableClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Clients for tests: nobody waits, a pause only moves the clock and is noted. */
public final class Clients {
    /** The key every test client has. */
    public static final String KEY = "sk_test_must_never_be_seen";

    private Clients() {}

    public static WorkOsSettings settings(URI url) {
        return WorkOsSettings.of(new ApiKey(KEY), "client_test").withBaseUrl(url);
    }

    public static WorkOsClient open(URI url) {
        return open(settings(url), SettableClock.at("2026-11-21T10:00:00Z"), new ArrayList<>(), budget());
    }

    static WorkOsClient open(WorkOsSettings settings, SettableClock clock, List<Duration> pauses, RateBudget budget) {
        return WorkOsClient.open(settings, budget, new WorkOsClient.Pacing(clock, new Random(7), pause -> {
            pauses.add(pause);
            clock.advance(pause);
        }));
    }

    static RateBudget budget() {
        return new RateBudget(10_000, 10_000, System::nanoTime);
    }
}
