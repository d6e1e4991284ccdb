package dev.lockstep.workos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers what it was told to, in order, and remembers what it was asked. Answers 500 when nothing is left to say. */
public final class FakeWorkOs implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Script> scripts = new ArrayDeque<>();
    private final List<Asked> asked = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** What one request was. */
    public record Asked(String method, String path, String query, Map<String, String> headers, String body) {}

    private interface Script {
        void play(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private FakeWorkOs(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public static FakeWorkOs start() throws IOException {
        return new FakeWorkOs(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Next answers this; the headers are pairs of name and value. */
    public FakeWorkOs answers(int status, String body, String... headers) {
        return plays(exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    /** Next hangs up without a word. */
    public FakeWorkOs hangsUp() {
        return plays(exchange -> {});
    }

    /** Next sends the head of an answer and then nothing more. */
    public FakeWorkOs stallsAfterTheHead() {
        return plays(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            closing.await();
        });
    }

    /** Next sends a body that does not end. */
    public FakeWorkOs sendsWithoutEnd() {
        return plays(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[4_096];
            while (closing.getCount() > 0) {
                exchange.getResponseBody().write(block);
            }
        });
    }

    public synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private synchronized FakeWorkOs plays(Script script) {
        scripts.add(script);
        return this;
    }

    private synchronized Script note(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join("|", values)));
        URI uri = exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(exchange.getRequestMethod(), uri.getRawPath(), uri.getRawQuery(), headers, body));
        Script next = scripts.poll();
        return next != null ? next : out -> out.sendResponseHeaders(500, -1);
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            note(exchange).play(exchange);
        } catch (IOException e) {
            // the client has gone, which is what some tests want
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
