package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.starter.CapturedLog;
import dev.lockstep.starter.ErrorTracker;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.HandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** What the log, and an error tracker, hear of requests. */
class RequestLogTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<ErrorTracker.Failure> told = new ArrayList<>();
    private final AtomicLong time = new AtomicLong();
    private final RequestLog log = new RequestLog(told::add, () -> time.getAndAdd(7_000_000));
    private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/people/ada@acme.test");
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    RequestLogTest() {
        request.setQueryString("code=secret_code&email=ada@acme.test");
        request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/api/people/{who}");
        request.addHeader("Cookie", "wos-session=sealed");
        request.addHeader("Authorization", "Bearer token_of_somebody");
    }

    @Test
    void aRequestIsALineWithItsRouteAndNothingThatAVisitorWrote() throws Exception {
        List<String> lines = filtered("DEBUG", (in, out) -> response.setStatus(204));
        assertThat(lines)
                .containsExactly(
                        "DEBUG request.done route=\"GET /api/people/{who}\" status=204 ms=7 ref=" + Ref.of(request));
        assertThat(told).isEmpty();
    }

    @Test
    void withoutDebuggingOnlyFailuresAreSaid() throws Exception {
        assertThat(filtered("INFO", (in, out) -> response.setStatus(404))).isEmpty();
    }

    @Test
    void aFailureThatBecameAnAnswerIsToldWithCodeReferenceAndCause() throws Exception {
        request.setAttribute(
                RequestCaller.ATTRIBUTE,
                new RequestCaller.Known(new Caller.SignedIn(
                        new UserId("user_1"),
                        new SessionId("s"),
                        new OrganizationId("org_1"),
                        Set.of(),
                        Set.of(),
                        null)));
        var away = new DataAccessResourceFailureException("could not reach ada@acme.test");
        List<String> lines = filtered("INFO", (in, out) -> new FailureAdvice(JSON).noDatabase(away, request, response));
        assertThat(lines)
                .containsExactly("WARN request.failed route=\"GET /api/people/{who}\" status=503 code=STORE_UNAVAILABLE"
                        + " user=user_1 organization=org_1 ms=7 ref=" + Ref.of(request)
                        + " cause=DataAccessResourceFailureException");
        assertThat(told)
                .containsExactly(new ErrorTracker.Failure(
                        "STORE_UNAVAILABLE",
                        Ref.of(request),
                        "GET /api/people/{who}",
                        Map.of("user", "user_1", "organization", "org_1"),
                        away));
        assertThat(response.getContentAsString()).contains("\"ref\":\"" + Ref.of(request) + "\"");
    }

    @Test
    void whatNobodyExpectedBecomesAProblemThatSaysNothingOfTheInside() throws Exception {
        var broken = new IllegalStateException("the inside");
        filtered("INFO", (in, out) -> new FailureAdvice(JSON).broken(broken, request, response));
        assertThat(response.getStatus()).isEqualTo(500);
        assertThat(response.getContentAsString())
                .contains("INTERNAL_ERROR", "\"success\":false", Ref.of(request))
                .doesNotContain("the inside");
        assertThat(told).extracting(ErrorTracker.Failure::code).containsExactly("INTERNAL_ERROR");
        assertThat(told.getFirst().cause()).isSameAs(broken);
    }

    @Test
    void whatTheFrameworkHasAnAnswerForKeepsIt() {
        var refused = new org.springframework.web.server.ResponseStatusException(HttpStatus.CONFLICT);
        assertThatThrownBy(() -> new FailureAdvice(JSON).broken(refused, request, response))
                .isSameAs(refused);
    }

    @Test
    void whatEscapesIsToldAndEscapesAllTheSame() {
        var broken = new IllegalStateException("of the application");
        assertThatThrownBy(() -> filtered("INFO", (in, out) -> {
                    throw new ServletException(broken);
                }))
                .hasCause(broken);
        assertThat(told)
                .extracting(failure -> failure.code() + " " + failure.where() + " " + failure.cause())
                .containsExactly("INTERNAL_ERROR GET /api/people/{who} " + broken);
    }

    @Test
    void aTrackerThatFailsHarmsNobody() throws Exception {
        var careless = new RequestLog(
                failure -> {
                    throw new IllegalStateException("tracker");
                },
                () -> 0);
        careless.doFilter(request, response, (in, out) -> response.setStatus(502));
        assertThat(response.getStatus()).isEqualTo(502);
    }

    private List<String> filtered(String level, FilterChain chain) throws Exception {
        try (CapturedLog seen = CapturedLog.of(RequestLog.class, level)) {
            log.doFilter(request, response, chain);
            assertThat(String.join("\n", seen.lines()))
                    .doesNotContain("ada@acme.test", "secret_code", "sealed", "token_of_somebody", "the inside");
            return seen.lines();
        }
    }
}
