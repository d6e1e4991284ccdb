package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.QueryRunner;
import dev.lockstep.live.subscription.Question;
import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.store.Database;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Change;
import dev.lockstep.store.feed.Snapshot;
import dev.lockstep.store.feed.Tick;
import dev.lockstep.store.feed.Ts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.node.JsonNodeFactory;

class AnswerRunsTest {
    private static final Question QUESTION =
            Question.of(new Call(new FunctionPath("a:get"), JsonNodeFactory.instance.objectNode(), null), null);
    private static final List<Wanted> WANTED = List.of(new Wanted(QUESTION, new Caller.Anonymous()));

    private final AnswerRuns runs = new AnswerRuns(
            new Database(new DriverManagerDataSource()),
            new QueryRunner(LiveFunctions.builder().build(), InstantSource.system(), new Random(1)),
            lane -> {},
            new AnswerRuns.Settings(1, 1, Duration.ofMillis(1), Duration.ofSeconds(1)),
            () -> {});

    private record Step(String exportedSnapshot, boolean lost) implements Tick {
        @Override
        public String exportedSnapshot() {
            if (lost) {
                throw new DataAccessResourceFailureException("The connection went away");
            }
            return exportedSnapshot;
        }

        @Override
        public Ts ts() {
            return new Ts((1L << 48) + 100);
        }

        @Override
        public Snapshot snapshot() {
            return Snapshot.parse("100:100:");
        }

        @Override
        public long begunAt() {
            return 0;
        }

        @Override
        public List<Change> changes() {
            return List.of();
        }

        @Override
        public Tx tx() {
            throw new IllegalStateException("Nothing is read here");
        }
    }

    @Test
    void aDatabaseThatGoesAwayWhileQueriesBeginLeavesNoneOfThemForgotten() throws Exception {
        assertThatThrownBy(() -> runs.start(new Step("", true), WANTED, false))
                .isInstanceOf(DataAccessResourceFailureException.class);
        assertThat(runs.isAsked(QUESTION)).isFalse();
        assertThat(runs.isRunning(WANTED.getFirst())).isFalse();
        assertThat(runs.start(new Step("00000003-1", false), WANTED, false).wanted())
                .isEqualTo(WANTED);
    }
}
