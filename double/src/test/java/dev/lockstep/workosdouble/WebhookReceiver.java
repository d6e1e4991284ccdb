package dev.lockstep.workosdouble;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** An application's webhook endpoint that keeps what arrives and refuses as often as it is told to. */
final class WebhookReceiver implements AutoCloseable {
    private final HttpServer server;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();

    record Arrival(String signature, byte[] body, int answered) {
        JsonNode json() {
            return Json.parse(new String(body, StandardCharsets.UTF_8));
        }

        String type() {
            return json().get("event").asString();
        }

        long time() {
            return Long.parseLong(signature.substring(2, signature.indexOf(',')));
        }
    }

    WebhookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/hooks", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int status = refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? 500 : 200;
            arrivals.add(new Arrival(exchange.getRequestHeaders().getFirst("WorkOS-Signature"), body, status));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hooks");
    }

    void refuseNext(int count) {
        refusals.set(count);
    }

    Arrival take() throws InterruptedException {
        Arrival arrival = arrivals.poll(20, TimeUnit.SECONDS);
        if (arrival == null) {
            throw new AssertionError("no webhook came within 20 s");
        }
        return arrival;
    }

    List<Arrival> take(int count) throws InterruptedException {
        List<Arrival> taken = new ArrayList<>();
        while (taken.size() < count) {
            taken.add(take());
        }
        return taken;
    }

    /** What has arrived by now. */
    List<Arrival> drain() {
        List<Arrival> taken = new ArrayList<>();
        arrivals.drainTo(taken);
        return taken;
    }

    boolean isEmpty() {
        return arrivals.isEmpty();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
