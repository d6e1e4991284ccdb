package dev.lockstep.examples.spring;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A page with one live query, {@code projects:list}, as the bare messages of the protocol. */
final class OpenPage implements WebSocket.Listener, AutoCloseable {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder parts = new StringBuilder();
    private final WebSocket socket;
    private int requests;

    OpenPage(HttpClient http, URI home, String accessToken) {
        socket = http.newWebSocketBuilder()
                .header("Origin", home.toString())
                .buildAsync(URI.create("ws://" + home.getAuthority() + "/api/1.48.0/sync"), this)
                .join();
        send("{\"type\":\"Connect\",\"sessionId\":\"" + UUID.randomUUID()
                + "\",\"connectionCount\":0,\"lastCloseReason\":null,\"clientTs\":0}");
        send("{\"type\":\"Authenticate\",\"tokenType\":\"User\",\"baseVersion\":0,\"value\":\"" + accessToken + "\"}");
        send("{\"type\":\"ModifyQuerySet\",\"baseVersion\":0,\"newVersion\":1,\"modifications\":"
                + "[{\"type\":\"Add\",\"queryId\":0,\"udfPath\":\"projects:list\",\"args\":[{}]}]}");
    }

    void create(String name) {
        send("{\"type\":\"Mutation\",\"requestId\":" + requests++
                + ",\"udfPath\":\"projects:create\",\"args\":[{\"name\":\"" + name + "\"}]}");
    }

    /** Waits for a message with all of this in it, and returns it. */
    String hears(String... words) throws InterruptedException {
        String message = messages.poll(20, TimeUnit.SECONDS);
        while (message != null) {
            if (java.util.Arrays.stream(words).allMatch(message::contains)) {
                return message;
            }
            message = messages.poll(20, TimeUnit.SECONDS);
        }
        throw new AssertionError("no message came with " + String.join(" and ", words));
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        parts.append(data);
        if (last) {
            messages.add(parts.toString());
            parts.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public void close() {
        socket.abort();
    }

    private void send(String text) {
        socket.sendText(text, true).join();
    }
}
