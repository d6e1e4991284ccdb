package dev.lockstep.workosdouble;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Things that go wrong on demand. Kept in memory only: a restart of the double heals everything. Thread-safe. */
public final class Faults {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Failure> failures = new ArrayList<>();
    private int drops;
    private int duplicates;
    private int delays;
    private Duration delay = Duration.ZERO;
    private int reorders;
    private boolean dark;
    private Runnable changed = () -> {};

    Faults() {}

    /** The next webhooks are never sent, not even as a retry; the Events API still has their events. */
    public void dropNextWebhooks(int count) {
        set(() -> drops = count);
    }

    /** The next webhooks are each sent twice, at the same time. */
    public void duplicateNextWebhooks(int count) {
        set(() -> duplicates = count);
    }

    /** The next webhooks wait that much longer, by the double's clock. */
    public void delayNextWebhooks(int count, Duration by) {
        set(() -> {
            delays = count;
            delay = by;
        });
    }

    /** The next webhooks are held until all of them are there, then sent one after the other, newest first. */
    public void reorderNextWebhooks(int count) {
        set(() -> reorders = count);
    }

    /** The next requests whose path starts so are answered with the status; 502, 503 and 504 as a gateway's HTML page. */
    public void failNext(String pathPrefix, int status, int count) {
        set(() -> failures.add(new Failure(pathPrefix, status, count, null)));
    }

    /** The same, with a {@code Retry-After} header in whole seconds. */
    public void failNext(String pathPrefix, int status, int count, Duration retryAfter) {
        set(() -> failures.add(new Failure(pathPrefix, status, count, retryAfter)));
    }

    /** Until {@link #comeBack}: connections are closed without an answer and no webhook is sent. */
    public void goDark() {
        set(() -> dark = true);
    }

    /** Answers again, and sends what was queued in the dark. */
    public void comeBack() {
        set(() -> dark = false);
    }

    /** Takes back everything that was asked for and has not happened yet; what was held goes out. */
    public void heal() {
        set(() -> {
            failures.clear();
            drops = duplicates = delays = reorders = 0;
            dark = false;
        });
    }

    /** What a request meets instead of its answer. */
    record Failure(
            String pathPrefix,
            int status,
            int count,
            @Nullable Duration retryAfter) {}

    /** What happens to one webhook on its first attempt. */
    sealed interface Fate {
        record Send(int copies) implements Fate {}

        record Drop() implements Fate {}

        record Delay(Duration by) implements Fate {}

        /** @param last whether the held ones may go now */
        record Hold(boolean last) implements Fate {}
    }

    void onChange(Runnable listener) {
        changed = listener;
    }

    boolean isDark() {
        lock.lock();
        try {
            return dark;
        } finally {
            lock.unlock();
        }
    }

    /** Whether webhooks are still being held to be sent backwards. */
    boolean isHolding() {
        lock.lock();
        try {
            return reorders > 0;
        } finally {
            lock.unlock();
        }
    }

    Optional<Failure> takeFailure(String path) {
        lock.lock();
        try {
            for (int i = 0; i < failures.size(); i++) {
                Failure failure = failures.get(i);
                if (path.startsWith(failure.pathPrefix())) {
                    if (failure.count() <= 1) {
                        failures.remove(i);
                    } else {
                        failures.set(
                                i,
                                new Failure(
                                        failure.pathPrefix(),
                                        failure.status(),
                                        failure.count() - 1,
                                        failure.retryAfter()));
                    }
                    return Optional.of(failure);
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    Fate takeFate() {
        lock.lock();
        try {
            if (drops > 0) {
                drops--;
                return new Fate.Drop();
            }
            if (delays > 0) {
                delays--;
                return new Fate.Delay(delay);
            }
            if (reorders > 0) {
                reorders--;
                return new Fate.Hold(reorders == 0);
            }
            if (duplicates > 0) {
                duplicates--;
                return new Fate.Send(2);
            }
            return new Fate.Send(1);
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
