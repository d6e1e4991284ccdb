package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
    private final Random lots = new Random(0);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).executor(threads).build();
    private final WebhookCall call = new WebhookCall(http, TIMEOUT);
    private final LongAdder sent = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder givenUp = new LongAdder();
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Queued> queue = new PriorityQueue<>(Comparator.comparing(Queued::due)
            .thenComparing(queued -> queued.delivery().event().value()));
    private final List<Delivery> held = new ArrayList<>();
    // Waiting for the endpoint that has not been named since the start.
    private final List<Queued> unaddressed = new ArrayList<>();
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
        world.clock().onMove(this::wake);
        for (Delivery delivery : world.read(tables -> List.copyOf(tables.deliveries.values()))) {
            enqueue(new Queued(delivery, delivery.due(), delivery.attempts() == 0));
        }
        Thread.ofPlatform().name("workos-double-webhooks").daemon().start(this::run);
    }

    void sendTo(URI target) {
        lock.lock();
        try {
            endpoint = target;
            queue.addAll(unaddressed);
            unaddressed.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sends an event again that was given up or accepted before, as somebody may do in the dashboard. */
    void resend(EventId event) {
        Delivery again = world.change(change -> {
            if (change.tables().events.find(event) == null) {
                throw ApiRefusal.notFound("Event", event.value());
            }
            Delivery delivery = new Delivery(event, null, 0, change.at(), null);
            change.put(new Fact.DeliveryPut(delivery));
            return delivery;
        });
        enqueue(new Queued(again, again.due(), false));
    }

    WebhookCounts counts() {
        return new WebhookCounts(sent.sum(), accepted.sum(), dropped.sum(), givenUp.sum());
    }

    /** Forgets what waits, after everything was emptied. */
    void clear() {
        lock.lock();
        try {
            queue.clear();
            held.clear();
            unaddressed.clear();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
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
                if (first == null || faults.isDark()) {
                    changed.await();
                } else if (first.due().isAfter(world.now())) {
                    changed.awaitNanos(LONGEST_NAP_NANOS);
                } else if (first.delivery().endpoint() == null && endpoint == null) {
                    unaddressed.add(queue.remove());
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
        Faults.Fate fate = queued.fresh() ? faults.takeFate() : Faults.Fate.Send.PROPERLY;
        switch (fate) {
            case Faults.Fate.Drop ignored -> {
                dropped.increment();
                forget(delivery);
            }
            case Faults.Fate.Delay delay ->
                enqueue(new Queued(delivery, world.now().plus(delay.by()), false));
            case Faults.Fate.Hold hold -> hold(delivery, hold);
            case Faults.Fate.Send send -> inBackground(() -> attempt(delivery, send));
        }
    }

    private void hold(Delivery delivery, Faults.Fate.Hold hold) throws InterruptedException {
        List<Delivery> released = List.of();
        lock.lock();
        try {
            held.add(delivery);
            if (hold.last() || !faults.isHolding()) {
                released = List.copyOf(held);
                held.clear();
            }
        } finally {
            lock.unlock();
        }
        if (hold.release() == Fault.Hold.Release.BURST) {
            released.forEach(each -> threads.execute(() -> attempt(each, Faults.Fate.Send.PROPERLY)));
            return;
        }
        List<Delivery> ordered = new ArrayList<>(released.reversed());
        if (hold.release() == Fault.Hold.Release.SHUFFLED) {
            Collections.shuffle(ordered, lots);
        }
        inBackground(() -> ordered.forEach(each -> attempt(each, Faults.Fate.Send.PROPERLY)));
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

    private void attempt(Delivery delivery, Faults.Fate.Send send) {
        Optional<EventRecord> event = world.read(tables -> Optional.ofNullable(tables.events.find(delivery.event())));
        Optional<WebhookCall.Target> target = target(delivery);
        if (event.isEmpty() || target.isEmpty()) {
            forget(delivery);
            return;
        }
        Instant now = world.now();
        Instant first = delivery.firstSentAt() == null ? now : delivery.firstSentAt();
        Instant signedAt = switch (faults.retryTime()) {
            case EACH_ATTEMPT -> now;
            case FIRST_ATTEMPT -> first;
        };
        HttpRequest request = call.prepared(target.get(), event.get(), signedAt, send.blemish());
        for (int copy = 1; copy < send.copies(); copy++) {
            sent.increment();
            threads.execute(() -> call.accepted(request));
        }
        sent.increment();
        if (call.accepted(request)) {
            accepted.increment();
            forget(delivery);
        } else if (!isClosed()) {
            retryLater(delivery, first);
        }
    }

    private void retryLater(Delivery delivery, Instant first) {
        int attempts = delivery.attempts() + 1;
        if (attempts > settings.webhookRetries().size()) {
            LOG.warn("Webhook {} failed after {} attempts and is given up.", delivery.event(), attempts);
            givenUp.increment();
            forget(delivery);
            return;
        }
        Duration wait = settings.webhookRetries().get(attempts - 1);
        Delivery next = new Delivery(
                delivery.event(), delivery.endpoint(), attempts, world.now().plus(wait), first);
        world.change(change -> {
            change.put(new Fact.DeliveryPut(next));
            return next;
        });
        enqueue(new Queued(next, next.due(), false));
    }

    private void forget(Delivery delivery) {
        world.change(change -> {
            change.put(new Fact.DeliveryGone(delivery.event(), delivery.endpoint()));
            return delivery;
        });
    }

    /** Empty once a registered endpoint is gone or switched off. */
    private Optional<WebhookCall.Target> target(Delivery delivery) {
        String id = delivery.endpoint();
        if (id == null) {
            return Optional.ofNullable(named()).map(address -> new WebhookCall.Target(address, secret));
        }
        return world.read(tables -> Optional.ofNullable(tables.objects.find(Kind.WEBHOOK_ENDPOINT, id)))
                .map(found -> Json.objectOf(found.json()))
                .filter(found -> found.get("status").asString().equals("enabled"))
                .map(found -> new WebhookCall.Target(
                        URI.create(found.get("endpoint_url").asString()),
                        found.get("secret").asString()));
    }

    private @Nullable URI named() {
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
