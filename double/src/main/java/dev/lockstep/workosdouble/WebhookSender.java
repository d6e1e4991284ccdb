package dev.lockstep.workosdouble;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends queued webhooks, many at once and in no promised order, and repeats the refused ones by the schedule. What is
 * not accepted yet stands in the tables, so it survives a crash; this class only holds the order of their due times.
 */
final class WebhookSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int AT_ONCE = 16;
    // The clock may be a test's own and jump, so a sleep is never trusted for longer than this.
    private static final long LONGEST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final World world;
    private final Faults faults;
    private final DoubleSettings settings;
    private final String secret;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).executor(threads).build();
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Queued> queue = new PriorityQueue<>(Comparator.comparing(Queued::due)
            .thenComparing(queued -> queued.delivery().event().value()));
    private final List<Delivery> held = new ArrayList<>();
    private @Nullable URI endpoint;
    private boolean closed;

    /** @param fresh it has not met the faults yet */
    private record Queued(Delivery delivery, Instant due, boolean fresh) {}

    WebhookSender(World world, Faults faults, DoubleSettings settings, String secret) {
        this.world = world;
        this.faults = faults;
        this.settings = settings;
        this.secret = secret;
    }

    void start() {
        world.onDelivery(delivery -> enqueue(new Queued(delivery, delivery.due(), true)));
        faults.onChange(this::faultsChanged);
        for (Delivery delivery : world.read(tables -> List.copyOf(tables.deliveries.values()))) {
            enqueue(new Queued(delivery, delivery.due(), delivery.attempts() == 0));
        }
        Thread.ofPlatform().name("workos-double-webhooks").daemon().start(this::run);
    }

    void sendTo(URI target) {
        lock.lock();
        try {
            endpoint = target;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Queued queued) {
        lock.lock();
        try {
            queue.add(queued);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void faultsChanged() {
        boolean release = !faults.isHolding();
        lock.lock();
        try {
            if (release) {
                held.forEach(delivery -> queue.add(new Queued(delivery, delivery.due(), false)));
                held.clear();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (Queued due = next(); due != null; due = next()) {
                dispatch(due);
            }
        } catch (InterruptedException | RejectedExecutionException e) {
            LOG.debug("The webhook sender was stopped.");
        }
    }

    /** The next one that is due, or null once closed. */
    private @Nullable Queued next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                Queued first = queue.peek();
                if (first == null || endpoint == null || faults.isDark()) {
                    changed.await();
                } else if (first.due().isAfter(world.now())) {
                    changed.awaitNanos(LONGEST_NAP_NANOS);
                } else {
                    return queue.poll();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void dispatch(Queued queued) throws InterruptedException {
        Delivery delivery = queued.delivery();
        Faults.Fate fate = queued.fresh() ? faults.takeFate() : new Faults.Fate.Send(1);
        switch (fate) {
            case Faults.Fate.Drop ignored -> forget(delivery);
            case Faults.Fate.Delay delay ->
                enqueue(new Queued(delivery, world.now().plus(delay.by()), false));
            case Faults.Fate.Hold hold -> hold(delivery, hold.last());
            case Faults.Fate.Send send -> inBackground(() -> attempt(delivery, send.copies()));
        }
    }

    private void hold(Delivery delivery, boolean last) throws InterruptedException {
        List<Delivery> backwards = List.of();
        lock.lock();
        try {
            held.add(delivery);
            if (last || !faults.isHolding()) {
                backwards = List.copyOf(held).reversed();
                held.clear();
            }
        } finally {
            lock.unlock();
        }
        List<Delivery> sent = backwards;
        inBackground(() -> sent.forEach(each -> attempt(each, 1)));
    }

    private void inBackground(Runnable work) throws InterruptedException {
        places.acquire();
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } finally {
                    places.release();
                }
            });
        } catch (RejectedExecutionException e) {
            places.release();
            throw e;
        }
    }

    private void attempt(Delivery delivery, int copies) {
        Optional<EventRecord> event = world.read(tables -> Optional.ofNullable(tables.events.find(delivery.event())));
        URI target = target();
        if (event.isEmpty() || target == null) {
            forget(delivery);
            return;
        }
        Instant now = world.now();
        Instant first = delivery.firstSentAt() == null ? now : delivery.firstSentAt();
        byte[] body = Json.write(Wire.webhook(event.get())).getBytes(StandardCharsets.UTF_8);
        Instant signedAt = switch (settings.webhookTime()) {
            case EACH_ATTEMPT -> now;
            case FIRST_ATTEMPT -> first;
        };
        HttpRequest request = HttpRequest.newBuilder(target)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "WorkOS-Double")
                .header("WorkOS-Signature", WebhookSignature.header(secret, signedAt, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        for (int copy = 1; copy < copies; copy++) {
            threads.execute(() -> accepted(request));
        }
        if (accepted(request)) {
            forget(delivery);
        } else if (!isClosed()) {
            retryLater(delivery, first);
        }
    }

    private boolean accepted(HttpRequest request) {
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 300;
        } catch (IOException e) {
            LOG.debug("A webhook could not be delivered: {}", e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void retryLater(Delivery delivery, Instant first) {
        int attempts = delivery.attempts() + 1;
        if (attempts > settings.webhookRetries().size()) {
            LOG.warn("Webhook {} failed after {} attempts and is given up.", delivery.event(), attempts);
            forget(delivery);
            return;
        }
        Duration wait = settings.webhookRetries().get(attempts - 1);
        Delivery next = new Delivery(delivery.event(), attempts, world.now().plus(wait), first);
        world.change(change -> {
            change.put(new Fact.DeliveryPut(next));
            return next;
        });
        enqueue(new Queued(next, next.due(), false));
    }

    private void forget(Delivery delivery) {
        world.change(change -> {
            change.put(new Fact.DeliveryGone(delivery.event()));
            return delivery;
        });
    }

    private @Nullable URI target() {
        lock.lock();
        try {
            return endpoint;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** What is under way is broken off; it stays queued in the tables and goes out again after a restart. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        http.shutdownNow();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("Some webhooks were still under way {} after closing.", TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
