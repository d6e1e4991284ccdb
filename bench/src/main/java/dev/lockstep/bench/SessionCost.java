package dev.lockstep.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.session.SessionOutcome;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one session check costs in the library alone, here and in WorkOS's Node packages, one after the other in one run:
 * CPU time of the whole process, and here also JMH's time and bytes allocated. Knobs: seconds, iterations.
 */
final class SessionCost {
    private static final int BATCH = 50;

    private SessionCost() {}

    /** One check: CPU time of the whole process, time on one thread by JMH, bytes allocated. */
    private record Cost(double cpuMicros, double micros, double bytes) {}

    public static void main(String[] args) throws Exception {
        Knobs knobs = new Knobs(args);
        Bench.machine();
        NodePrograms node = NodePrograms.ready();
        Map<String, Cost> ours = ours(knobs);
        Map<String, Double> theirs = theirs(node, knobs);
        double fastest =
                theirs.values().stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        theirs.forEach((name, micros) -> Bench.say("%-40s %9.2f us CPU a check", name, micros));
        ours.forEach((name, cost) -> Bench.say(
                "%-40s %9.2f us CPU a check, %.1f times the fastest of Node; JMH %.2f us, %,.0f bytes allocated",
                "lockstep " + name, cost.cpuMicros(), fastest / cost.cpuMicros(), cost.micros(), cost.bytes()));
    }

    private static Map<String, Cost> ours(Knobs knobs) throws Exception {
        var options = new OptionsBuilder()
                .include(SessionReaderBenchmark.class.getSimpleName())
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .warmupTime(TimeValue.seconds(knobs.get("seconds", 2)))
                .measurementTime(TimeValue.seconds(knobs.get("seconds", 2)))
                .measurementIterations(knobs.get("iterations", 5))
                .build();
        Collection<RunResult> results = new Runner(options).run();
        Map<String, Cost> costs = new LinkedHashMap<>();
        var session = new SessionReaderBenchmark();
        for (RunResult result : results) {
            Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
            String name = result.getPrimaryResult().getLabel();
            Supplier<SessionOutcome> check = name.equals("firstSight") ? session::firstSight : session::seenBefore;
            costs.put(
                    name,
                    new Cost(
                            cpuMicros(check, knobs),
                            result.getPrimaryResult().getScore(),
                            bytes == null ? Double.NaN : bytes.getScore()));
        }
        return costs;
    }

    /** As Node's is measured: what the process used altogether, garbage collection included, for each check. */
    private static double cpuMicros(Supplier<SessionOutcome> check, Knobs knobs) {
        long seconds = (long) knobs.get("seconds", 2) * knobs.get("iterations", 5);
        repeat(check, seconds);
        long before = processCpu();
        long count = repeat(check, seconds);
        return (processCpu() - before) / 1e3 / count;
    }

    private static long repeat(Supplier<SessionOutcome> check, long seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long count = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < BATCH; i++) {
                if (!(check.get() instanceof SessionOutcome.Valid)) {
                    throw new IllegalStateException("the benchmark's own cookie is not valid");
                }
            }
            count += BATCH;
        }
        return count;
    }

    private static long processCpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static Map<String, Double> theirs(NodePrograms node, Knobs knobs) throws Exception {
        MadeSession session = MadeSession.at(InstantSource.system(), Duration.ofHours(1));
        byte[] jwks = session.jwks().getBytes(StandardCharsets.UTF_8);
        HttpServer workos = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        workos.createContext("/sso/jwks/" + MadeSession.CLIENT, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, jwks.length);
            exchange.getResponseBody().write(jwks);
            exchange.close();
        });
        workos.start();
        try {
            var costs = new LinkedHashMap<String, Double>();
            Map<String, String> environment = Map.of(
                    "BENCH_CLIENT_ID",
                    MadeSession.CLIENT,
                    "BENCH_PASSWORD",
                    MadeSession.PASSWORD,
                    "BENCH_COOKIE",
                    session.sealed(),
                    "BENCH_SECONDS",
                    Integer.toString(knobs.get("seconds", 2) * knobs.get("iterations", 5)),
                    "BENCH_WORKOS_URL",
                    "http://127.0.0.1:" + workos.getAddress().getPort());
            for (String line : node.run("cpu.mjs", environment)) {
                JsonNode check = JsonMapper.shared().readTree(line);
                costs.put(check.get("name").asString(), check.get("cpuMicros").asDouble());
            }
            return costs;
        } finally {
            workos.stop(0);
        }
    }
}
