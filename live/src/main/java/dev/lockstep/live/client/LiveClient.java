package dev.lockstep.live.client;

import dev.lockstep.live.wire.WireTimestamp;
import dev.lockstep.live.wire.WireValues;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Follows queries and calls mutations and actions of a live server over one socket that it opens again whenever it breaks.
 * Mutations are carried out in the order of the calls and exactly once, whatever happens to sockets and nodes in between.
 * Thread-safe. Listeners and promises are served on its own threads, one at a time; they must not block.
 */
public final class LiveClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveClient.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int TOKENS_TRIED = 2;
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final LiveClientSettings settings;
    private final HttpClient http;
    private final Backoff backoff;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lockstep-live-client").factory());
    private final ReentrantLock lock = new ReentrantLock();
    private final ClientSocket.Events events = new SocketEvents();
    private final UUID session = UUID.randomUUID();

    private final QuerySet queries = new QuerySet();
    private final Map<Long, Consumer<LiveResult>> listeners = new HashMap<>();
    private final Map<Long, LiveResult> told = new HashMap<>();
    private final List<Consumer<LiveView>> watchers = new CopyOnWriteArrayList<>();
    private final Requests requests = new Requests();
    private final StringBuilder chunks = new StringBuilder();
    private @Nullable ClientSocket socket;
    private @Nullable String lastCloseReason;
    private long connections;
    private long lastHeard;
    private int tokensRefused;
    private boolean closed;

    /** Wires a client; it opens its socket at {@link #start}. */
    public LiveClient(LiveClientSettings settings, HttpClient http, RandomGenerator random) {
        this.settings = settings;
        this.http = http;
        this.backoff = new Backoff(settings.patience(), settings.longestPatience(), random);
    }

    /** Opens the first socket; call once. Returns at once. */
    public LiveClient start() {
        timer.execute(this::connect);
        long look = Math.clamp(settings.silence().toMillis() / 4, 1, LOOK.toMillis());
        var unused = timer.scheduleWithFixedDelay(this::watch, look, look, TimeUnit.MILLISECONDS);
        return this;
    }

    /**
     * Follows a query until the subscription is closed.
     *
     * @param path its name, such as {@code users:me}
     * @param args as {@link WireValues} describes values
     * @param listener gets every result that differs from the one before
     */
    public Subscription subscribe(String path, Map<String, ?> args, Consumer<LiveResult> listener) {
        return locked(() -> {
            long id = queries.add(path, WireValues.encode(args));
            listeners.put(id, listener);
            if (socket != null) {
                socket.send(queries.added(id));
            }
            return new Subscription(id);
        });
    }

    /** A query that is followed. Closing it ends that. */
    public final class Subscription implements AutoCloseable {
        private final long id;

        private Subscription(long id) {
            this.id = id;
        }

        /** Its number in a {@link LiveView}. */
        public long id() {
            return id;
        }

        @Override
        public void close() {
            locked(() -> {
                if (listeners.remove(id) != null) {
                    told.remove(id);
                    queries.remove(id);
                    if (socket != null) {
                        socket.send(queries.removed(id));
                    }
                }
                return this;
            });
        }
    }

    /** Is told every moment that the client shows, all results together. */
    public void watch(Consumer<LiveView> watcher) {
        watchers.add(watcher);
    }

    /** Calls a mutation. The promise is kept once the results of this client show its effect. */
    public CompletableFuture<@Nullable Object> mutate(String path, Map<String, ?> args) {
        return call("Mutation", path, args);
    }

    /** Calls an action. When the socket breaks meanwhile the promise fails, and nobody knows what became of it. */
    public CompletableFuture<@Nullable Object> action(String path, Map<String, ?> args) {
        return call("Action", path, args);
    }

    private CompletableFuture<@Nullable Object> call(String type, String path, Map<String, ?> args) {
        return locked(() -> {
            long id = requests.nextId();
            ObjectNode frame = JSON.createObjectNode()
                    .put("type", type)
                    .put("requestId", id)
                    .put("udfPath", path);
            frame.putArray("args").add(WireValues.encode(args));
            CompletableFuture<@Nullable Object> promise = requests.add(id, type.equals("Mutation"), frame.toString());
            if (closed) {
                requests.failAll("The client is closed");
            } else if (socket != null) {
                requests.unsent().forEach(socket::send);
            }
            return promise;
        });
    }

    /** Breaks the socket as a bad network does; the client opens another one. */
    public void dropConnection() {
        ClientSocket current = locked(() -> Optional.ofNullable(socket)).orElse(null);
        if (current != null) {
            current.abort("Dropped");
        }
    }

    /** Ends the socket and the threads; promises that are open fail. */
    @Override
    public void close() {
        locked(() -> {
            closed = true;
            if (socket != null) {
                socket.close();
                socket = null;
            }
            requests.failAll("The client is closed");
            return this;
        });
        timer.shutdownNow();
    }

    private void connect() {
        Optional<String> token;
        try {
            token = tokensRefused > TOKENS_TRIED
                    ? Optional.empty()
                    : settings.token().get();
        } catch (RuntimeException e) {
            LOG.debug("LIVE_CLIENT_NO_TOKEN A token could not be had; trying again.", e);
            later("NoToken");
            return;
        }
        locked(() -> {
            if (!closed && socket == null) {
                LOG.debug("LIVE_CLIENT_CONNECTING number={}", connections);
                ClientSocket fresh = new ClientSocket(events);
                socket = fresh;
                lastHeard = System.nanoTime();
                chunks.setLength(0);
                fresh.send(hello());
                token.ifPresent(value -> fresh.send(authenticate(value)));
                fresh.send(queries.restart());
                requests.unsent().forEach(fresh::send);
                fresh.open(http, settings.server().get());
            }
            return this;
        });
    }

    private String hello() {
        ObjectNode message = JSON.createObjectNode()
                .put("type", "Connect")
                .put("sessionId", session.toString())
                .put("connectionCount", connections++)
                .put("lastCloseReason", lastCloseReason)
                .put("clientTs", 0);
        if (queries.highest() > 0) {
            message.put("maxObservedTimestamp", WireTimestamp.encode(queries.highest()));
        }
        return message.toString();
    }

    private static String authenticate(String token) {
        return JSON.createObjectNode()
                .put("type", "Authenticate")
                .put("tokenType", "User")
                .put("value", token)
                .put("baseVersion", 0)
                .toString();
    }

    /** The end of a connection is not always told; somebody who waits for an answer finds out by writing. */
    private void watch() {
        ClientSocket current = locked(() -> Optional.ofNullable(socket)).orElse(null);
        if (current == null) {
            return;
        }
        long silent = locked(() -> System.nanoTime() - lastHeard);
        if (silent > settings.silence().toNanos()) {
            current.abort("InactiveServer");
        } else if (silent > LOOK.toNanos() && !locked(requests::isEmpty)) {
            current.ping();
        }
    }

    private void later(String reason) {
        Duration wait = backoff.next(reason);
        if (!timer.isShutdown()) {
            var unused = timer.schedule(this::connect, wait.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private final class SocketEvents implements ClientSocket.Events {
        @Override
        public void text(ClientSocket from, String text) {
            locked(() -> {
                if (from.equals(socket)) {
                    lastHeard = System.nanoTime();
                    take(from, JSON.readTree(text));
                }
                return this;
            });
        }

        @Override
        public void ended(ClientSocket from, int code, String reason) {
            locked(() -> {
                if (from.equals(socket) && !closed) {
                    LOG.debug("LIVE_CLIENT_DISCONNECTED code={} reason={}", code, reason);
                    socket = null;
                    lastCloseReason = reason;
                    requests.disconnected();
                    later(reason);
                }
                return this;
            });
        }
    }

    private void take(ClientSocket from, JsonNode frame) {
        LOG.trace("LIVE_CLIENT_HEARD {}", frame.get("type"));
        switch (frame.get("type").asString()) {
            case "Transition" -> transition(from, frame);
            case "TransitionChunk" -> {
                chunks.append(frame.get("chunk").asString());
                if (frame.get("partNumber").intValue() + 1
                        == frame.get("totalParts").intValue()) {
                    String whole = chunks.toString();
                    chunks.setLength(0);
                    take(from, JSON.readTree(whole));
                }
            }
            case "MutationResponse", "ActionResponse" -> {
                if (frame.has("ts")) {
                    queries.saw(WireTimestamp.decode(frame.get("ts").asString()));
                }
                requests.answered(frame);
            }
            case "AuthError" -> tokensRefused++;
            case "FatalError" -> {
                LOG.warn(
                        "LIVE_CLIENT_ENDED The server says: {}",
                        frame.get("error").asString());
                closed = true;
                from.close();
                requests.failAll("The server has ended this client");
            }
            default -> {} // Ping, and whatever newer servers say.
        }
    }

    private void transition(ClientSocket from, JsonNode frame) {
        if (!queries.take(frame)) {
            from.abort("InvalidStartVersion");
            return;
        }
        if (queries.identity() > 0) {
            tokensRefused = 0;
        }
        LiveView view = queries.view();
        watchers.forEach(watcher -> watcher.accept(view));
        view.results().forEach((id, result) -> {
            Consumer<LiveResult> listener = listeners.get(id);
            if (listener != null && !same(result, told.put(id, result))) {
                listener.accept(result);
            }
        });
        requests.reached(view.ts());
        if (queries.isConfirmed()) {
            backoff.reset();
        }
    }

    private static boolean same(LiveResult now, @Nullable LiveResult before) {
        return now.equals(before);
    }

    private <T> T locked(java.util.function.Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
