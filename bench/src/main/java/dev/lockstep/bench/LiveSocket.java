package dev.lockstep.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A bare client of the live protocol: one socket, one subscription, every message handed on as it came. */
final class LiveSocket implements AutoCloseable {
    private final WebSocket socket;

    private LiveSocket(WebSocket socket) {
        this.socket = socket;
    }

    /** Opens a socket, says who it is and subscribes to one query without arguments. */
    static LiveSocket subscribe(HttpClient http, URI origin, String token, String query, Consumer<String> messages) {
        URI address = URI.create(origin.toString().replaceFirst("^http", "ws") + "/api/1.48.0/sync");
        WebSocket socket = http.newWebSocketBuilder()
                .header("Origin", origin.toString())
                .buildAsync(address, new Texts(messages))
                .join();
        LiveSocket live = new LiveSocket(socket);
        live.send("""
                {"type":"Connect","sessionId":"%s","connectionCount":0,"lastCloseReason":null,"clientTs":0}""".formatted(UUID.randomUUID()));
        live.send("""
                {"type":"Authenticate","tokenType":"User","value":"%s","baseVersion":0}""".formatted(token));
        live.send("""
                {"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,\
                "udfPath":"%s","args":[{}]}]}""".formatted(query));
        return live;
    }

    private void send(String text) {
        socket.sendText(text, true).join();
    }

    @Override
    public void close() {
        socket.abort();
    }

    /** Puts fragments together. */
    private static final class Texts implements WebSocket.Listener {
        private final Consumer<String> messages;
        private final StringBuilder parts = new StringBuilder();

        Texts(Consumer<String> messages) {
            this.messages = messages;
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onText(
                WebSocket webSocket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                messages.accept(parts.toString());
                parts.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }
}
