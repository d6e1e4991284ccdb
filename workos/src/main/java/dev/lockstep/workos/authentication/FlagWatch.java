package dev.lockstep.workos.authentication;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.WorkOsException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feature flags of an environment, asked for again and again in a thread of its own, so that a question about one
 * costs no call. An outage changes nothing: the last known flags stay, and before any are known every flag is as the
 * caller says. Safe for all threads.
 */
public final class FlagWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FlagWatch.class);
    private static final int MOST_BACKOFF = 8;

    private final Supplier<Map<String, FeatureFlagsApi.Flag>> source;
    private final Duration every;
    private final InstantSource clock;
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch loaded = new CountDownLatch(1);
    private volatile @Nullable Known known;
    private final AtomicInteger failures = new AtomicInteger();
    private @Nullable Thread thread;

    /**
     * @param api where the flags come from
     * @param every how often to ask; after failures up to eight times as long
     */
    public FlagWatch(FeatureFlagsApi api, Duration every, InstantSource clock) {
        this(api::all, every, clock);
    }

    FlagWatch(Supplier<Map<String, FeatureFlagsApi.Flag>> source, Duration every, InstantSource clock) {
        if (!every.isPositive()) {
            throw new IllegalArgumentException("flags cannot be asked for every " + every + "; choose 30 s or so");
        }
        this.source = source;
        this.every = every;
        this.clock = clock;
    }

    private record Known(Map<String, FeatureFlagsApi.Flag> flags, Instant at) {}

    /**
     * One flag was changed since the round before.
     *
     * @param slug which one
     * @param before how it was, or null when it is new
     * @param now how it is, or null when it is gone
     */
    public record Change(String slug, FeatureFlagsApi.@Nullable Flag before, FeatureFlagsApi.@Nullable Flag now) {}

    /** Begins to ask; once. */
    public void start() {
        thread = Thread.ofVirtual().name("lockstep-flags").start(this::run);
    }

    /** Waits until flags are known and says whether they are. */
    public boolean awaitFirst(Duration longest) throws InterruptedException {
        return loaded.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Returns whether a flag is on for somebody.
     *
     * @param unknown the answer while no flags are known; a flag that WorkOS does not list is off
     */
    public boolean isOn(String slug, @Nullable UserId user, @Nullable OrganizationId organization, boolean unknown) {
        Known last = known;
        if (last == null) {
            return unknown;
        }
        FeatureFlagsApi.Flag flag = last.flags().get(slug);
        return flag != null && flag.isOnFor(user, organization);
    }

    /** Returns every flag by its slug as last known; empty before the first answer. */
    public Map<String, FeatureFlagsApi.Flag> flags() {
        Known last = known;
        return last == null ? Map.of() : last.flags();
    }

    /** Returns how old the answers are; empty before the first. */
    public Optional<Duration> age() {
        return Optional.ofNullable(known).map(last -> Duration.between(last.at(), clock.instant()));
    }

    /** Returns how many rounds in a row have failed. */
    public int failures() {
        return failures.get();
    }

    /** Tells the listener of every change from now on, on the asking thread; what it throws is logged. */
    public void onChange(Consumer<Change> listener) {
        listeners.add(listener);
    }

    /** Asks once now, and says whether that worked. */
    boolean round() {
        try {
            take(Map.copyOf(source.get()));
            failures.set(0);
            return true;
        } catch (WorkOsException failure) {
            log.warn(
                    "FLAGS_NOT_RENEWED the last known flags stay ({}, {} failures in a row)",
                    failure.problem().code(),
                    failures.incrementAndGet());
            return false;
        }
    }

    private void take(Map<String, FeatureFlagsApi.Flag> fresh) {
        Known last = known;
        known = new Known(fresh, clock.instant());
        loaded.countDown();
        if (last == null) {
            return;
        }
        Map<String, FeatureFlagsApi.Flag> all = new HashMap<>(last.flags());
        all.putAll(fresh);
        for (String slug : all.keySet()) {
            FeatureFlagsApi.Flag before = last.flags().get(slug);
            FeatureFlagsApi.Flag now = fresh.get(slug);
            if (!Objects.equals(before, now)) {
                tell(new Change(slug, before, now));
            }
        }
    }

    private void tell(Change change) {
        for (Consumer<Change> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException broken) {
                log.error("a listener for feature flags failed; the flags are not affected", broken);
            }
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                safely();
                Thread.sleep(every.multipliedBy(Math.min(MOST_BACKOFF, 1 << Math.min(failures.get(), 3))));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void safely() {
        try {
            round();
        } catch (RuntimeException broken) {
            failures.incrementAndGet();
            log.error("a round of asking for feature flags failed; the last known ones stay", broken);
        }
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
