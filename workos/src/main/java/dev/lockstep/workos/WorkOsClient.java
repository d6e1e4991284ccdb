package dev.lockstep.workos;

import dev.lockstep.workos.Exchange.Result.Bad;
import dev.lockstep.workos.Exchange.Result.Good;
import dev.lockstep.workos.WorkOsProblem.RateLimited;
import dev.lockstep.workos.WorkOsProblem.Unavailable;
import dev.lockstep.workos.WorkOsProblem.Unreachable;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where HTTP leaves for WorkOS: it adds the key, keeps to the rate budget and the deadlines, tries
 * repeatable calls again, and turns every failure into a {@link WorkOsProblem}. What a call means is the business of
 * the rooms around it. Safe for all threads; blocks the calling thread, which may be virtual.
 */
public final class WorkOsClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkOsClient.class);

    private final WorkOsSettings settings;
    private final HttpClient http;
    private final RateBudget budget;
    private final Pacing pacing;
    private final Priority priority;
    private final CallTally calls;
    private final ClockDrift drift;

    private WorkOsClient(
            WorkOsSettings settings,
            HttpClient http,
            RateBudget budget,
            Pacing pacing,
            Priority priority,
            CallTally calls,
            ClockDrift drift) {
        this.drift = drift;
        this.settings = settings;
        this.http = http;
        this.budget = budget;
        this.pacing = pacing;
        this.priority = priority;
        this.calls = calls;
    }

    /**
     * Opens a client with the urgency {@link Priority#LOGIN}. Nothing is sent before the first call; {@link #close}
     * ends the threads of the JDK's HTTP client.
     *
     * @param budget shared by all clients of one environment
     * @param clock for deadlines and {@code Retry-After}
     * @param random for the jitter between tries
     */
    public static WorkOsClient open(
            WorkOsSettings settings, RateBudget budget, InstantSource clock, RandomGenerator random) {
        return open(settings, budget, new Pacing(clock, random, Thread::sleep));
    }

    static WorkOsClient open(WorkOsSettings settings, RateBudget budget, Pacing pacing) {
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(settings.timeouts().connect())
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(
                        settings.baseUrl().getScheme().equals("https")
                                ? HttpClient.Version.HTTP_2
                                : HttpClient.Version.HTTP_1_1)
                .build();
        return new WorkOsClient(settings, http, budget, pacing, Priority.LOGIN, new CallTally(), new ClockDrift());
    }

    /** Time and chance, as the client sees them. */
    record Pacing(InstantSource clock, RandomGenerator random, Pause pause) {}

    /** Waits; replaced where no test may wait. */
    interface Pause {
        void take(Duration duration) throws InterruptedException;
    }

    /** Returns the same client with another urgency; closing either closes both. */
    public WorkOsClient at(Priority other) {
        return new WorkOsClient(settings, http, budget, pacing, other, calls, drift);
    }

    /** Returns the same client with less or more patience; closing either closes both. */
    public WorkOsClient within(Timeouts patience) {
        return new WorkOsClient(settings.withTimeouts(patience), http, budget, pacing, priority, calls, drift);
    }

    /** Returns how the tries of this client, and of all made from the same opening, have ended so far. */
    public CallTally calls() {
        return calls;
    }

    /** Returns how far our clock is from WorkOS's, as far as this client has heard. */
    public ClockDrift drift() {
        return drift;
    }

    /** Returns the rate budget that it keeps to. */
    public RateBudget budget() {
        return budget;
    }

    /** Returns what the client was opened with. */
    public WorkOsSettings settings() {
        return settings;
    }

    /** Returns the time as the client sees it. */
    public Instant now() {
        return pacing.clock().instant();
    }

    /**
     * Makes a call and waits for its end.
     *
     * @return the answer, always of a 2xx status
     * @throws WorkOsException with the problem, in every other case; an interrupt shows as unreachable and stays set
     */
    public Answer send(Call call) {
        Instant deadline = now().plus(settings.timeouts().call());
        int attempts = call.repeatable() ? settings.retries().attempts() : 1;
        Exchange exchange = new Exchange(settings, http, budget, pacing.clock(), drift);
        for (int attempt = 1; ; attempt++) {
            switch (exchange.run(call, priority, attempt, deadline)) {
                case Good(Answer answer) -> {
                    calls.answered();
                    return answer;
                }
                case Bad bad -> {
                    calls.failed(bad.problem());
                    Duration pause = pause(bad, attempt);
                    boolean hopeless = attempt == attempts
                            || !mayPass(bad.problem())
                            || now().plus(pause).isAfter(deadline)
                            || Thread.currentThread().isInterrupted();
                    LOG.debug("{}: {}, attempt {} of {}", call, bad.problem().code(), attempt, attempts);
                    if (hopeless) {
                        throw new WorkOsException(bad.problem(), null, bad.details());
                    }
                    rest(pause, attempt);
                }
            }
        }
    }

    private Duration pause(Bad bad, int attempt) {
        return bad.retryAfter() != null
                ? bad.retryAfter()
                : settings.retries().pauseAfter(attempt, pacing.random().nextDouble());
    }

    private static boolean mayPass(WorkOsProblem problem) {
        return problem instanceof Unreachable || problem instanceof Unavailable || problem instanceof RateLimited;
    }

    private void rest(Duration pause, int attempt) {
        try {
            pacing.pause().take(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkOsException(new Unreachable("interrupted", attempt), e);
        }
    }

    /** Ends the connections; calls under way fail. */
    @Override
    public void close() {
        http.shutdownNow();
    }

    @Override
    public String toString() {
        return "WorkOsClient[" + settings.baseUrl() + "]";
    }
}
