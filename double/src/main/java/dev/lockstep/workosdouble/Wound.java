package dev.lockstep.workosdouble;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Puts an answer on the wire: whole, drop by drop, or broken off. */
final class Wound {
    private static final int DROPS = 20;

    private Wound() {}

    static void none(HttpExchange exchange, Response response) throws IOException {
        byte[] body = begun(exchange, response);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    /** The whole answer, over so long; healing lets the rest come at once. */
    static void drip(HttpExchange exchange, Response response, Duration time, long healings, Faults faults)
            throws IOException, InterruptedException {
        byte[] body = begun(exchange, response);
        int size = Math.max(1, Math.ceilDiv(body.length, DROPS));
        OutputStream out = exchange.getResponseBody();
        for (int from = 0; from < body.length; from += size) {
            faults.awaitHealing(healings, time.dividedBy(DROPS));
            out.write(body, from, Math.min(size, body.length - from));
            out.flush();
        }
    }

    /** Headers promise the whole body, half of it comes. Closing the exchange then breaks the connection off. */
    static void cut(HttpExchange exchange, Response response) throws IOException {
        byte[] body = begun(exchange, response);
        OutputStream out = exchange.getResponseBody();
        out.write(body, 0, body.length / 2);
        out.flush();
    }

    private static byte[] begun(HttpExchange exchange, Response response) throws IOException {
        response.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
        return body;
    }
}
