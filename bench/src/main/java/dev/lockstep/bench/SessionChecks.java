package dev.lockstep.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Session checks through HTTP: {@code /api/auth/me} with a valid cookie, next to {@code /api/auth/config}, which looks
 * at no session, and next to an Express service that reads the same cookie with WorkOS's own package, in turns of the
 * same run. Knobs: connections, seconds, rounds, warmup, and express, the most processes of it (0 leaves it out).
 */
final class SessionChecks {
    private SessionChecks() {}

    private static final String CHECKED = "session checked";

    /** Whom to ask for what. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Turn(URI address, byte[] request) {}

    /** A round's outcome. */
    private record Round(double perSecond, Latencies latencies) {}

    public static void main(String[] args) throws Exception {
        Bench.run(args, SessionChecks::measure);
    }

    private static void measure(DemoProcess demo, Knobs knobs) throws Exception {
        int connections = knobs.get("connections", 8);
        int seconds = knobs.get("seconds", 8);
        Map<String, Turn> turns = new LinkedHashMap<>();
        List<NodePrograms.Running> services = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            Person ada = Person.signIn(http, demo.address(), "ada@acme.test");
            String cookie = "Cookie: " + ada.cookieHeader() + "\r\n";
            turns.put("without a session", turn(demo.address(), "/api/auth/config", ""));
            turns.put(CHECKED, turn(demo.address(), "/api/auth/me", cookie));
            for (int processes = 1; processes <= knobs.get("express", 2); processes++) {
                NodePrograms.Running service = express(demo, processes);
                services.add(service);
                turns.put("express, " + processes + " process(es)", turn(service.address(), "/me", cookie));
            }
            for (Turn turn : turns.values()) {
                load(turn.address(), turn.request(), connections, knobs.get("warmup", 10));
            }
            Bench.say("%d connections, rounds of %d s, after warming up", connections, seconds);
            for (int number = 1; number <= knobs.get("rounds", 3); number++) {
                round(number, turns, connections, seconds);
            }
        } finally {
            for (NodePrograms.Running service : services) {
                service.close();
            }
        }
    }

    private static void round(int number, Map<String, Turn> turns, int connections, int seconds) throws Exception {
        Map<String, Round> rounds = new LinkedHashMap<>();
        for (Map.Entry<String, Turn> turn : turns.entrySet()) {
            Round found = load(turn.getValue().address(), turn.getValue().request(), connections, seconds);
            rounds.put(turn.getKey(), found);
            Bench.say("round %d  %-22s %,8.0f/s  %s", number, turn.getKey(), found.perSecond(), found.latencies());
        }
        Round checked = Objects.requireNonNull(rounds.get(CHECKED));
        for (Map.Entry<String, Round> other : rounds.entrySet()) {
            if (!other.getKey().equals(CHECKED)) {
                Bench.say(
                        "round %d  checked here is %.2f times \"%s\", its p99 %.2f ms against %.2f ms",
                        number,
                        checked.perSecond() / other.getValue().perSecond(),
                        other.getKey(),
                        checked.latencies().percentile(99),
                        other.getValue().latencies().percentile(99));
            }
        }
    }

    private static Turn turn(URI address, String path, String headers) {
        return new Turn(address, RawConnection.get(address, path, headers));
    }

    /** The same cookie, read by WorkOS's own package behind Express. */
    private static NodePrograms.Running express(DemoProcess demo, int processes) throws Exception {
        Properties notes = demo.notes();
        return NodePrograms.ready()
                .serve(
                        "express.mjs",
                        Map.of(
                                "BENCH_CLIENT_ID", notes.getProperty("workos.client-id"),
                                "BENCH_PASSWORD", notes.getProperty("cookie-password"),
                                "BENCH_WORKOS_URL", notes.getProperty("workos.url"),
                                "BENCH_PROCESSES", Integer.toString(processes)));
    }

    private static Round load(URI home, byte[] request, int connections, int seconds) throws Exception {
        Latencies latencies = new Latencies();
        long began = System.nanoTime();
        long end = began + seconds * 1_000_000_000L;
        List<Callable<long[]>> loaders = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            int client = i + 1;
            loaders.add(() -> repeat(home, client, request, end));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            for (Future<long[]> loader : threads.invokeAll(loaders)) {
                for (long nanos : loader.get()) {
                    latencies.add(nanos);
                }
            }
        }
        return new Round(latencies.count() * 1e9 / (System.nanoTime() - began), latencies);
    }

    private static long[] repeat(URI home, int client, byte[] request, long end) throws IOException {
        long[] nanos = new long[1 << 20];
        int count = 0;
        try (RawConnection connection = new RawConnection(home, client)) {
            long before = System.nanoTime();
            while (before < end && count < nanos.length) {
                int status = connection.exchange(request);
                if (status != 200) {
                    throw new IOException("the server answered " + status);
                }
                long after = System.nanoTime();
                nanos[count++] = after - before;
                before = after;
            }
        }
        return java.util.Arrays.copyOf(nanos, count);
    }
}
