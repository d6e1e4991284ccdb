package dev.lockstep.workosdouble;

import dev.lockstep.workosdouble.DoubleSettings.WebhookTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Things that go wrong on demand: a {@link Fault} the next so many times, or with a probability from a seed. Kept in
 * memory only: a restart of the double heals everything. Thread-safe. Of several faults that fit, the one that was
 * armed first strikes.
 */
public final class Faults {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition healed = lock.newCondition();
    private final List<ArmedFault> armed = new ArrayList<>();
    private final WebhookTime defaultTime;
    private WebhookTime retryTime;
    private @Nullable Held held;
    private boolean dark;
    private boolean rateLimited;
    private final boolean defaultRateLimited;
    private long healings;
    private Runnable changed = () -> {};

    /** @param left how many more are to be held */
    private record Held(int left, Fault.Hold.Release release) {}

    Faults(DoubleSettings settings) {
        this.defaultTime = settings.webhookTime();
        this.retryTime = defaultTime;
        this.defaultRateLimited = settings.rateLimited();
        this.rateLimited = defaultRateLimited;
    }

    /** Arms the fault for the next so many times that it fits. */
    public void next(int count, Fault fault) {
        arm(ArmedFault.next(fault, count));
    }

    /**
     * Arms the fault for good.
     *
     * @param rate how likely it strikes each time it fits, above 0 and at most 1
     * @param seed the same seed and the same traffic give the same strikes
     */
    public void atRate(double rate, long seed, Fault fault) {
        arm(ArmedFault.atRate(fault, rate, seed));
    }

    /** The next webhooks are never sent, not even as a retry; the Events API still has their events. */
    public void dropNextWebhooks(int count) {
        next(count, new Fault.Drop());
    }

    /** The next webhooks are each sent twice, at the same time. */
    public void duplicateNextWebhooks(int count) {
        next(count, new Fault.Duplicate(2));
    }

    /** The next webhooks wait that much longer, by the double's clock. */
    public void delayNextWebhooks(int count, Duration by) {
        next(count, new Fault.Delay(by));
    }

    /** The next webhooks are held until all of them are there, then sent one after the other, newest first. */
    public void reorderNextWebhooks(int count) {
        next(1, new Fault.Hold(count, Fault.Hold.Release.NEWEST_FIRST));
    }

    /** The next webhooks are held until all of them are there, then sent at the same time. */
    public void burstNextWebhooks(int count) {
        next(1, new Fault.Hold(count, Fault.Hold.Release.BURST));
    }

    /** The next requests whose path starts so are answered with the status; 502, 503 and 504 as a gateway's HTML page. */
    public void failNext(String pathPrefix, int status, int count) {
        next(count, new Fault.Status(pathPrefix, status, null));
    }

    /** The same, with a {@code Retry-After} header in whole seconds. */
    public void failNext(String pathPrefix, int status, int count, Duration retryAfter) {
        next(count, new Fault.Status(pathPrefix, status, retryAfter));
    }

    /** Which moment the signatures of retries carry from now on. */
    public void retriesCarry(WebhookTime time) {
        set(() -> retryTime = time);
    }

    /** Whether the documented limits are enforced from now on, by the double's clock. */
    public void limitRates(boolean enforced) {
        set(() -> rateLimited = enforced);
    }

    /** Until {@link #comeBack}: connections are closed without an answer and no webhook is sent. */
    public void goDark() {
        set(() -> dark = true);
    }

    /** Answers again, and sends what was queued in the dark. */
    public void comeBack() {
        set(() -> dark = false);
    }

    /** Takes back everything that was asked for and has not happened yet; what was held or hangs goes on. */
    public void heal() {
        set(() -> {
            armed.clear();
            held = null;
            dark = false;
            retryTime = defaultTime;
            rateLimited = defaultRateLimited;
            healings++;
            healed.signalAll();
        });
    }

    /** How often the faults that were armed with a count have still to strike. */
    public int waiting() {
        return locked(() -> armed.stream().mapToInt(ArmedFault::left).sum());
    }

    /** What happens to one webhook on its first attempt. */
    sealed interface Fate {
        /** @param blemish what is wrong with it, or null */
        record Send(int copies, Fault.@Nullable OfWebhook blemish) implements Fate {
            static final Send PROPERLY = new Send(1, null);
        }

        record Drop() implements Fate {}

        record Delay(Duration by) implements Fate {}

        /** @param last whether the held ones may go now */
        record Hold(boolean last, Fault.Hold.Release release) implements Fate {}
    }

    void arm(ArmedFault fault) {
        set(() -> armed.add(fault));
    }

    List<ArmedFault.Shown> shown() {
        return locked(() -> armed.stream().map(ArmedFault::shown).toList());
    }

    void onChange(Runnable listener) {
        changed = listener;
    }

    boolean isDark() {
        return locked(() -> dark);
    }

    boolean isRateLimited() {
        return locked(() -> rateLimited);
    }

    WebhookTime retryTime() {
        return locked(() -> retryTime);
    }

    /** Whether webhooks are still being held. */
    boolean isHolding() {
        return locked(() -> held != null);
    }

    Optional<Fault.OfRequest> takeFailure(String path) {
        return take(Fault.OfRequest.class, fault -> path.startsWith(fault.path()) && !(fault instanceof Fault.Drift));
    }

    Optional<Fault.Drift> takeDrift(String path) {
        return take(Fault.Drift.class, fault -> path.startsWith(fault.path()));
    }

    Optional<Fault.OfEvent> takeTwist(String type) {
        return take(Fault.OfEvent.class, fault -> type.startsWith(fault.typePrefix()));
    }

    Fate takeFate() {
        return locked(() -> {
            Held now = held;
            if (now == null) {
                return take(Fault.OfWebhook.class, fault -> true)
                        .map(this::fate)
                        .orElse(Fate.Send.PROPERLY);
            }
            held = now.left() == 1 ? null : new Held(now.left() - 1, now.release());
            return new Fate.Hold(held == null, now.release());
        });
    }

    private Fate fate(Fault.OfWebhook fault) {
        return switch (fault) {
            case Fault.Drop ignored -> new Fate.Drop();
            case Fault.Duplicate duplicate -> new Fate.Send(duplicate.copies(), null);
            case Fault.Delay delay -> new Fate.Delay(delay.by());
            case Fault.Hold hold -> {
                held = hold.window() == 1 ? null : new Held(hold.window() - 1, hold.release());
                yield new Fate.Hold(held == null, hold.release());
            }
            case Fault.WrongSignature wrong -> new Fate.Send(1, wrong);
            case Fault.Skew skew -> new Fate.Send(1, skew);
            case Fault.CutWebhook cut -> new Fate.Send(1, cut);
        };
    }

    /** How often was healed, for {@link #awaitHealing}. */
    long healings() {
        return locked(() -> healings);
    }

    /** Waits until somebody has healed since that count, at most so long. */
    void awaitHealing(long since, Duration longest) throws InterruptedException {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (healings == since && left > 0) {
                left = healed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private <F extends Fault> Optional<F> take(Class<F> family, Predicate<F> fits) {
        return locked(() -> {
            F struck = null;
            for (ArmedFault each : armed) {
                boolean fitting = family.isInstance(each.fault()) && fits.test(family.cast(each.fault()));
                if (fitting && struck == null && each.strikes()) {
                    struck = family.cast(each.fault());
                }
            }
            armed.removeIf(ArmedFault::isSpent);
            return Optional.ofNullable(struck);
        });
    }

    private <T> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    private void set(Runnable edit) {
        lock.lock();
        try {
            edit.run();
        } finally {
            lock.unlock();
        }
        changed.run();
    }
}
