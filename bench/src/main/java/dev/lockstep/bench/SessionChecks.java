package dev.lockstep.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Session checks through HTTP: {@code /api/auth/me} with a valid cookie, next to {@code /api/auth/config}, which looks
 * at no session, in turns of the same run. Knobs: connections, seconds, rounds, warmup.
 */
final class SessionChecks {
    private SessionChecks() {}

    /** A round's outcome. */
    private record Round(double perSecond, Latencies latencies) {}

    public static void main(String[] args) throws Exception {
        Bench.run(args, SessionChecks::measure);
    }

    private static void measure(DemoProcess demo, Knobs knobs) throws Exception {
        URI home = demo.address();
        int connections = knobs.get("connections", 8);
        int seconds = knobs.get("seconds", 8);
        byte[] bare = RawConnection.get(home, "/api/auth/config", "");
        byte[] withCookie;
        try (HttpClient http = HttpClient.newHttpClient()) {
            Person ada = Person.signIn(http, home, "ada@acme.test");
            withCookie = RawConnection.get(home, "/api/auth/me", "Cookie: " + ada.cookieHeader() + "\r\n");
        }
        load(home, bare, connections, knobs.get("warmup", 10));
        load(home, withCookie, connections, knobs.get("warmup", 10));
        Bench.say("%d connections, rounds of %d s, after warming up", connections, seconds);
        for (int round = 1; round <= knobs.get("rounds", 3); round++) {
            Round plain = load(home, bare, connections, seconds);
            Round checked = load(home, withCookie, connections, seconds);
            Bench.say("round %d  without a session  %,.0f/s  %s", round, plain.perSecond(), plain.latencies());
            Bench.say("round %d  session checked    %,.0f/s  %s", round, checked.perSecond(), checked.latencies());
            Bench.say("round %d  ratio              %.2f", round, checked.perSecond() / plain.perSecond());
        }
    }

    private static Round load(URI home, byte[] request, int connections, int seconds) throws Exception {
        Latencies latencies = new Latencies();
        long began = System.nanoTime();
        long end = began + seconds * 1_000_000_000L;
        List<Callable<long[]>> loaders = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            loaders.add(() -> repeat(home, request, end));
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

    private static long[] repeat(URI home, byte[] request, long end) throws IOException {
        long[] nanos = new long[1 << 20];
        int count = 0;
        try (RawConnection connection = new RawConnection(home)) {
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
