package dev.lockstep.workosdouble;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: loopback only, one virtual thread per request; faults first, then the limits, the key, the route.
 * The double's own door is spared from faults, so that they can be taken back.
 */
final class Front implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final String NO_DELAY = "sun.net.httpserver.nodelay";
    private static final String OWN_DOOR = "/_double/";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final World world;
    private final Faults faults;
    private final RateLimits limits = new RateLimits();

    private Front(HttpServer server, World world, Faults faults) {
        this.server = server;
        this.world = world;
        this.faults = faults;
    }

    /** Takes the port but answers nothing yet; a preferred port that is taken is replaced by a free one. */
    static Front bind(int port, int preferred, World world, Faults faults) {
        sendWithoutDelay();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        if (port == 0 && preferred != 0) {
            try {
                return new Front(HttpServer.create(new InetSocketAddress(loopback, preferred), 0), world, faults);
            } catch (IOException e) {
                LOG.info("Port {} of the last run is taken now; taking another.", preferred);
            }
        }
        try {
            return new Front(HttpServer.create(new InetSocketAddress(loopback, port), 0), world, faults);
        } catch (IOException e) {
            throw new DoubleException("DOUBLE_PORT_TAKEN", "port " + port + " is taken; name another or 0", e);
        }
    }

    /**
     * Without this the JDK's server leaves Nagle's algorithm on, and every answer larger than its buffer takes 40 ms.
     * The server reads the property once, from the first instance in a JVM; there is no other way to say it.
     */
    private static void sendWithoutDelay() {
        if (System.getProperty(NO_DELAY) == null) {
            System.setProperty(NO_DELAY, "true");
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    void serve(Routes routes, String apiKey) {
        server.setExecutor(threads);
        server.createContext("/", exchange -> handle(exchange, routes, apiKey));
        server.start();
    }

    private void handle(HttpExchange exchange, Routes routes, String apiKey) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            boolean spared = path.startsWith(OWN_DOOR);
            if (!spared && faults.isDark()) {
                return;
            }
            long healings = faults.healings();
            Optional<Fault.OfRequest> fault = spared ? Optional.empty() : faults.takeFailure(path);
            if (fault.isEmpty()) {
                Wound.none(exchange, answer(exchange, routes, apiKey, spared));
                return;
            }
            switch (fault.get()) {
                case Fault.Status status -> {
                    exchange.getRequestBody().readAllBytes();
                    Wound.none(exchange, failed(status));
                }
                case Fault.Hang hang -> faults.awaitHealing(healings, hang.time());
                case Fault.SlowBody slow ->
                    Wound.drip(exchange, answer(exchange, routes, apiKey, false), slow.time(), healings, faults);
                case Fault.CutBody ignored -> Wound.cut(exchange, answer(exchange, routes, apiKey, false));
                case Fault.Drift ignored -> throw new IllegalStateException("lists meet their drift on their route");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Response answer(HttpExchange exchange, Routes routes, String apiKey, boolean spared) throws IOException {
        try {
            Request request = Request.read(exchange);
            if (!spared && faults.isRateLimited()) {
                limits.check(request, world.now());
            }
            return routed(request, routes, apiKey);
        } catch (ApiRefusal refusal) {
            return refusal.response();
        } catch (IllegalArgumentException e) {
            // The id records refuse blank and overlong values; nothing else here is given what a caller wrote.
            LOG.debug("A request named an impossible id.", e);
            return Response.json(422, ApiRefusal.invalid("id", "id_invalid").body());
        } catch (RuntimeException e) {
            LOG.error(
                    "The double failed to answer {}.", exchange.getRequestURI().getPath(), e);
            return Response.json(500, Json.object().put("message", "Internal Server Error"));
        }
    }

    private Response routed(Request request, Routes routes, String apiKey) {
        Routes.Match match = routes.find(request.method(), request.path())
                .orElseThrow(() -> ApiRefusal.noSuchRoute(request.method(), request.path()));
        if (match.access() == Routes.Access.KEY && !carriesKey(request, apiKey)) {
            throw ApiRefusal.unauthorized();
        }
        boolean reading = request.method().equals("GET");
        return match.handler()
                .answer(request.routed(
                        match.variables(),
                        reading ? faults.takeDrift(request.path()).orElse(null) : null));
    }

    private static boolean carriesKey(Request request, String apiKey) {
        String given = request.header("Authorization");
        return given != null && given.startsWith("Bearer ") && Secrets.same(apiKey, given.substring(7));
    }

    private static Response failed(Fault.Status failure) {
        int status = failure.status();
        Response answer = status >= 502 && status <= 504
                ? Response.text(status, "text/html", "<html><body><h1>" + status + "</h1></body></html>")
                : Response.json(status, Json.object().put("message", "A failure that was asked for."));
        Duration retryAfter = failure.retryAfter();
        return retryAfter == null ? answer : answer.with("Retry-After", Long.toString(retryAfter.toSeconds()));
    }

    @Override
    public void close() {
        faults.heal();
        server.stop(0);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("Some requests were still being answered {} after closing.", PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
