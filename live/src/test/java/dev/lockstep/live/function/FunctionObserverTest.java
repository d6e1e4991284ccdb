package dev.lockstep.live.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.live.function.LiveFunctions.Kind;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.live.wire.ServerMessage.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who watches functions hears of every run how it ended, and of what broke under which reference. */
class FunctionObserverTest {
    private final List<String> heard = new ArrayList<>();
    private final FunctionObserver observer = new FunctionObserver() {
        @Override
        public void ran(Kind kind, String path, End end, long nanos) {
            assertThat(nanos).isNotNegative();
            heard.add(kind + " " + path + " " + end);
        }

        @Override
        public void failed(String path, String requestId, RuntimeException cause) {
            heard.add(path + " " + requestId + " " + cause.getMessage());
        }
    };
    private final LiveFunctions functions = LiveFunctions.builder()
            .query("a:good", (context, args) -> 1L)
            .query("a:says", (context, args) -> {
                throw new LiveError("no", java.util.Map.of());
            })
            .mutation("a:breaks", (context, args) -> {
                throw new IllegalStateException("broken");
            })
            .action("a:acts", (context, args) -> "done")
            .observedBy(observer)
            .build();

    @Test
    void everyRunIsHeardOfWithItsEnd() {
        assertThat(functions
                        .query(FunctionPath.of("a:good"))
                        .orElseThrow()
                        .function()
                        .run(null, null))
                .isEqualTo(1L);
        assertThatThrownBy(() -> functions
                        .query(FunctionPath.of("a:says"))
                        .orElseThrow()
                        .function()
                        .run(null, null))
                .isInstanceOf(LiveError.class);
        assertThatThrownBy(() -> functions
                        .mutation(FunctionPath.of("a:breaks"))
                        .orElseThrow()
                        .function()
                        .run(null, null))
                .hasMessage("broken");
        assertThat(functions
                        .action(FunctionPath.of("a:acts"))
                        .orElseThrow()
                        .function()
                        .run(null, null))
                .isEqualTo("done");
        assertThat(heard)
                .containsExactly(
                        "QUERY a:good DONE", "QUERY a:says REFUSED", "MUTATION a:breaks FAILED", "ACTION a:acts DONE");
    }

    @Test
    void whatBreaksIsToldUnderTheReferenceThatThePageGets() {
        Failure failure =
                new Failures(new Random(1), functions.observer()).of("a:breaks", new IllegalStateException("broken"));
        assertThat(heard).singleElement().satisfies(told -> {
            assertThat(told).matches("a:breaks [0-9a-f]{16} broken");
            assertThat(failure.message()).contains(told.split(" ")[1]).doesNotContain("broken");
        });
        new Failures(new Random(1), functions.observer()).of("a:says", new LiveError("no", java.util.Map.of()));
        assertThat(heard).hasSize(1);
    }
}
