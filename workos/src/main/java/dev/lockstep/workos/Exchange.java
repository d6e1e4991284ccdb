package dev.lockstep.workos;

import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import dev.lockstep.workos.WorkOsProblem.RateLimited;
import dev.lockstep.workos.WorkOsProblem.Unreachable;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One try of one call: a place in the budget, one request, one answer or problem. It never throws for a failure. */
final class Exchange {
    private final WorkOsSettings settings;
    private final HttpClient http;
    private final RateBudget budget;
    private final InstantSource clock;
    private final ClockDrift drift;

    Exchange(WorkOsSettings settings, HttpClient http, RateBudget budget, InstantSource clock, ClockDrift drift) {
        this.drift = drift;
        this.settings = settings;
        this.http = http;
        this.budget = budget;
        this.clock = clock;
    }

    /** What came of the try. */
    sealed interface Result {
        record Good(Answer answer) implements Result {}

        /**
         * A failure.
         *
         * @param retryAfter the pause WorkOS asked for, already capped, or null
         * @param details the object that came with a refusal, or null
         */
        record Bad(
                WorkOsProblem problem,
                @Nullable Duration retryAfter,
                @Nullable JsonNode details) implements Result {
            Bad(WorkOsProblem problem) {
                this(problem, null, null);
            }
        }
    }

    Result run(Call call, Priority priority, int attempt, Instant deadline) {
        try {
            if (!budget.acquire(priority, left(deadline))) {
                return new Result.Bad(new RateLimited(Duration.ofSeconds(1)));
            }
            return request(call, attempt, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result.Bad(new Unreachable("interrupted", attempt));
        }
    }

    private Result request(Call call, int attempt, Instant deadline) throws InterruptedException {
        Duration left = left(deadline);
        Duration patience = left.compareTo(settings.timeouts().attempt()) < 0
                ? left
                : settings.timeouts().attempt();
        CompletableFuture<HttpResponse<byte[]>> pending =
                http.sendAsync(httpRequest(call), head -> new LimitedBody(settings.maxAnswerBytes()));
        try {
            return judge(pending.get(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS), call, attempt);
        } catch (TimeoutException e) {
            return new Result.Bad(new Unreachable("timeout", attempt));
        } catch (ExecutionException e) {
            return new Result.Bad(failure(e.getCause(), attempt));
        } finally {
            pending.cancel(true);
        }
    }

    private Result judge(HttpResponse<byte[]> response, Call call, int attempt) {
        Instant now = clock.instant();
        drift.heard(response.headers(), now);
        Duration longest = settings.retries().longestRetryAfter();
        WorkOsProblem problem = Verdict.problem(response, attempt, now, longest);
        if (problem == null) {
            Instant date = response.headers()
                    .firstValue("Date")
                    .flatMap(RetryAfter::httpDate)
                    .orElse(null);
            return new Result.Good(new Answer(response.body(), date));
        }
        if (problem instanceof RateLimited limited && !call.ownLimit()) {
            budget.refused(limited.retryAfter());
        }
        return new Result.Bad(
                problem, Verdict.retryAfter(response.headers(), now, longest), Verdict.details(problem, response));
    }

    private HttpRequest httpRequest(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(call.uri(settings.baseUrl()))
                .header("Authorization", "Bearer " + settings.apiKey().value())
                .header("Accept", "application/json")
                .header("User-Agent", "lockstep-workos");
        if (call.body() == null) {
            return request.method(call.method(), BodyPublishers.noBody()).build();
        }
        return request.header("Content-Type", "application/json")
                .method(call.method(), BodyPublishers.ofString(call.body().toString(), StandardCharsets.UTF_8))
                .build();
    }

    private Duration left(Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static WorkOsProblem failure(@Nullable Throwable cause, int attempt) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof LimitedBody.TooLong tooLong) {
                return new MalformedAnswer(String.valueOf(tooLong.getMessage()));
            }
            if (each instanceof SSLException) {
                return new Unreachable("tls", attempt);
            }
        }
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return new Unreachable(Unreachable.NOT_CONNECTED, attempt);
        }
        return new Unreachable(cause instanceof HttpTimeoutException ? "timeout" : "connection lost", attempt);
    }
}
