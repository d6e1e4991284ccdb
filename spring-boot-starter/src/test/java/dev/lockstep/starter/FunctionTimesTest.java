package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.function.FunctionObserver.End;
import dev.lockstep.live.function.LiveFunctions.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionTimesTest {
    private final List<ErrorTracker.Failure> told = new ArrayList<>();
    private final FunctionTimes times = new FunctionTimes(told::add);

    @Test
    void runsResultsAndTimesStandFunctionByFunctionTheCostliestFirst() {
        times.ran(Kind.QUERY, "a:quick", End.DONE, 1_000_000);
        times.ran(Kind.QUERY, "a:quick", End.DONE, 3_000_000);
        times.ran(Kind.MUTATION, "a:slow", End.REFUSED, 50_000_000);
        times.ran(Kind.MUTATION, "a:slow", End.FAILED, 10_000_000);
        assertThat(times.standings())
                .containsExactly(
                        new FunctionTimes.Standing(
                                "a:slow", Kind.MUTATION, 0, 1, 1, Duration.ofMillis(60), Duration.ofMillis(50)),
                        new FunctionTimes.Standing(
                                "a:quick", Kind.QUERY, 2, 0, 0, Duration.ofMillis(4), Duration.ofMillis(3)));
        assertThat(times.standings().getFirst().mean()).isEqualTo(Duration.ofMillis(30));
        assertThat(times.runs(Kind.QUERY, End.DONE)).isEqualTo(2);
        assertThat(times.runs(Kind.MUTATION, End.DONE)).isZero();
        assertThat(times.seconds(Kind.MUTATION)).isEqualTo(0.06);
    }

    @Test
    void whatBrokeIsHandedToTheTrackerUnderTheReferenceOfThePage() {
        var cause = new IllegalStateException("broken");
        times.failed("a:slow", "0123", cause);
        assertThat(told)
                .extracting(one -> one.code() + " " + one.ref() + " " + one.where())
                .containsExactly("LIVE_FUNCTION_FAILED 0123 live a:slow");
        assertThat(told.getFirst().cause()).isSameAs(cause);
        new FunctionTimes(failure -> {
                    throw new IllegalStateException("tracker");
                })
                .failed("a:slow", "0124", cause);
    }
}
