package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.UserId;
import dev.lockstep.store.Tx;
import dev.lockstep.store.feed.Change;
import dev.lockstep.store.feed.Change.Op;
import dev.lockstep.store.feed.Snapshot;
import dev.lockstep.store.feed.Tick;
import dev.lockstep.store.feed.Ts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Lines of the log about what happened: one line each, stable keys, ids only. */
class LogLineTest {
    @Test
    void aLineIsReadByPeopleAndHasItsKeysAsFields() {
        try (CapturedLog log = CapturedLog.of(LogLineTest.class, "INFO")) {
            LogLine.of("auth.login.succeeded")
                    .with("user", new UserId("user_1"))
                    .with("organization", null)
                    .with("ms", 12L)
                    .with("reason", "a \"sentence\"\nof two lines")
                    .write(LoggerFactory.getLogger(LogLineTest.class), Level.INFO);
            LogLine.of("quiet").write(LoggerFactory.getLogger(LogLineTest.class), Level.DEBUG);
            assertThat(log.lines())
                    .containsExactly(
                            "INFO auth.login.succeeded user=user_1 ms=12 reason=\"a 'sentence' of two lines\"");
            assertThat(log.fields())
                    .containsExactly("event=auth.login.succeeded user=user_1 ms=12 reason=a \"sentence\" of two lines");
        }
    }

    @Test
    void aValueWithoutEndIsCut() {
        assertThat(LogLine.of("x").with("y", "z".repeat(5_000)).toString()).hasSize(204);
    }

    @Test
    void everyChangeOfTheMirrorAndOfAProfileIsALineWithItsIds() {
        try (CapturedLog log = CapturedLog.of(RowLines.class, "INFO")) {
            new RowLines()
                    .onTick(tick(
                            change("workos.users", Op.INSERT, Map.of("id", "user_1", "email", "ada@acme.test")),
                            change("workos.users", Op.UPDATE, Map.of("id", "user_2", "email", "ben@acme.test")),
                            change("app.profiles", Op.UPDATE, Map.of("account_id", "a1", "workos_user_id", "user_1")),
                            change("workos.roles", Op.DELETE, Map.of("slug", "editor")),
                            change("workos.event_log", Op.INSERT, Map.of("event_id", "event_1")),
                            change("lockstep.ended_session", Op.INSERT, Map.of("session_id", "s"))));
            assertThat(log.lines())
                    .containsExactly(
                            "INFO profile.changed changed=1 ids=user_1",
                            "INFO sync.rows.changed table=roles removed=1",
                            "INFO sync.rows.changed table=users added=1 changed=1 ids=user_1,user_2");
        }
    }

    @Test
    void manyRowsOfOneStepAreOneLineAndNothingIsSaidOfAnEmptyStep() {
        try (CapturedLog log = CapturedLog.of(RowLines.class, "INFO")) {
            RowLines lines = new RowLines();
            lines.onTick(tick(IntStream.range(0, 1_000)
                    .mapToObj(i -> change("workos.users", Op.INSERT, Map.of("id", "user_" + i)))
                    .toArray(Change[]::new)));
            lines.onTick(tick());
            lines.onGap();
            assertThat(log.lines())
                    .containsExactly(
                            "INFO sync.rows.changed table=users added=1000",
                            "WARN sync.rows.unlisted reason=\"gap in the feed\"");
        }
    }

    private static Change change(String table, Op op, Map<String, String> key) {
        Map<String, JsonNode> json = key.entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey, entry -> StringNode.valueOf(entry.getValue())));
        boolean gone = op == Op.DELETE;
        return new Change(1, 1, Instant.EPOCH, table, op, gone ? json : Map.of(), gone ? Map.of() : json);
    }

    private static Tick tick(Change... changes) {
        return new Tick() {
            @Override
            public List<Change> changes() {
                return Stream.of(changes).toList();
            }

            @Override
            public Ts ts() {
                throw new AssertionError("not asked for");
            }

            @Override
            public Snapshot snapshot() {
                throw new AssertionError("not asked for");
            }

            @Override
            public long begunAt() {
                return 0;
            }

            @Override
            public Tx tx() {
                throw new AssertionError("a line of the log asks the database nothing");
            }

            @Override
            public String exportedSnapshot() {
                throw new AssertionError("not asked for");
            }
        };
    }
}
