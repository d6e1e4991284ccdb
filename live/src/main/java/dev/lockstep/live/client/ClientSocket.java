package dev.lockstep.live.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One WebSocket of the JDK: texts go out in the order of the calls, fragments are put together, and it ends once. */
final class ClientSocket implements WebSocket.Listener {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final int NORMAL = 1000;
    private static final int BROKEN = 1006;

    private final Events events;
    private final StringBuilder parts = new StringBuilder();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<WebSocket> opening;
    private CompletableFuture<WebSocket> sending;

    /** Whoever follows the socket. Called on threads of the HTTP client, one call at a time, once it has been opened. */
    interface Events {
        void text(ClientSocket socket, String text);

        void ended(ClientSocket socket, int code, String reason);
    }

    /** A socket that is not open yet; what is sent meanwhile waits for that. */
    ClientSocket(Events events) {
        this.events = events;
        this.opening = new CompletableFuture<>();
        this.sending = opening;
    }

    /** Begins to open; call once. Whoever follows the socket must know it by now, for it may end at once. */
    void open(HttpClient http, URI server) {
        String address = server.toString().replaceFirst("^http", "ws").replaceFirst("/$", "") + "/api/1.48.0/sync";
        var unused = http.newWebSocketBuilder()
                .connectTimeout(CONNECT_WITHIN)
                .buildAsync(URI.create(address), this)
                .whenComplete((open, failure) -> {
                    if (open == null) {
                        opening.completeExceptionally(failure);
                        end(BROKEN, "CannotConnect");
                    } else {
                        opening.complete(open);
                    }
                });
    }

    void send(String text) {
        then(open -> open.sendText(text, true));
    }

    /** Writes something that the other side answers by itself; a connection that is gone shows it when written to. */
    void ping() {
        then(open -> open.sendPing(ByteBuffer.allocate(0)));
    }

    /** Tells of a failure only after letting go of the monitor: whoever hears it takes a lock and may be sending himself. */
    private void then(Function<WebSocket, CompletableFuture<WebSocket>> step) {
        CompletableFuture<WebSocket> sent;
        synchronized (this) {
            sent = sending.thenCompose(step);
            sending = sent;
        }
        var unused = sent.whenComplete((open, failure) -> {
            if (failure != null) {
                abort("CannotSend");
            }
        });
    }

    /** Says good-bye. */
    void close() {
        if (ended.compareAndSet(false, true)) {
            var unused = opening.thenCompose(open -> open.sendClose(NORMAL, "")).whenComplete((open, failure) -> {
                if (failure != null) {
                    cut();
                }
            });
        }
    }

    /** Breaks the connection without a word. */
    void abort(String reason) {
        cut();
        end(BROKEN, reason);
    }

    private void cut() {
        var unused = opening.thenAccept(WebSocket::abort);
    }

    private void end(int code, String reason) {
        if (ended.compareAndSet(false, true)) {
            events.ended(this, code, reason);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        parts.append(data);
        if (last) {
            String text = parts.toString();
            parts.setLength(0);
            if (!ended.get()) {
                events.text(this, text);
            }
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        end(statusCode, reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        end(BROKEN, "Broken");
    }
}
