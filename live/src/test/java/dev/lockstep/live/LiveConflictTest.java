package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.client.LiveCallFailed;
import dev.lockstep.live.client.LiveConflict;
import dev.lockstep.live.function.FunctionCalls;
import dev.lockstep.live.function.LiveError;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.MutationContext;
import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.FunctionPath;
import dev.lockstep.testing.PostgresExtension;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A mutation that others come before in every one of its attempts. */
class LiveConflictTest {
    private static final int ATTEMPTS = LiveSettings.DEFAULTS.mutationAttempts();

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private final AtomicInteger runs = new AtomicInteger();
    /** How many of the next attempts meet somebody else. */
    private final AtomicInteger inTheWay = new AtomicInteger(Integer.MAX_VALUE);

    private LiveHouse house;

    @BeforeEach
    void open() {
        house = LiveHouse.with(
                postgres.dataSource(),
                LiveFunctions.builder()
                        .mutation("rows:double", (context, args) -> doubled(context))
                        .action("rows:caught", (context, args) -> {
                            try {
                                return context.mutation("rows:double", Map.of());
                            } catch (LiveError conflict) {
                                return "caught: " + conflict.getMessage();
                            }
                        })
                        .build());
        house.sql("INSERT INTO app.counters VALUES ('a', 'x', 1), ('others', 'x', 0)");
    }

    @AfterEach
    void close() {
        house.close();
    }

    private int doubled(MutationContext context) {
        runs.incrementAndGet();
        int value = context.tx()
                .sql("SELECT value FROM app.counters WHERE name = 'a'")
                .query(Integer.class)
                .single();
        if (inTheWay.getAndDecrement() > 0) {
            house.sql("UPDATE app.counters SET owner = owner WHERE name = 'a'");
        }
        context.tx()
                .sql("UPDATE app.counters SET value = :value WHERE name = 'a'")
                .param("value", value * 2)
                .update();
        return value * 2;
    }

    @Test
    void aMutationThatMeetsConflictsInEveryAttemptIsToldWithACodeAndMayBeCalledAgain() {
        FakeBrowser page = FakeBrowser.open(house.engine).connect(0).modify();
        page.mutate(0, "rows:double", "{}").awaitResolved(0);
        JsonNode reply = page.responses.get(0L);
        assertThat(reply.get("success").booleanValue()).isFalse();
        assertThat(reply.get("errorData").toString())
                .isEqualTo(JsonMapper.shared()
                        .readTree("{\"attempts\":%d,\"code\":\"MUTATION_CONFLICT\"}".formatted(ATTEMPTS))
                        .toString());
        assertThat(runs).hasValue(ATTEMPTS);
        assertThat(house.value()).isEqualTo(1);
        assertThat(page.closeCode).isZero();

        inTheWay.set(0);
        page.mutate(1, "rows:double", "{}").awaitResolved(1);
        assertThat(page.responses.get(1L).get("success").booleanValue()).isTrue();
        assertThat(house.value()).isEqualTo(2);
    }

    @Test
    void aConflictInTheLastButOneAttemptIsSeenByNobody() {
        inTheWay.set(ATTEMPTS - 1);
        FakeBrowser page = FakeBrowser.open(house.engine).connect(0).modify();
        page.mutate(0, "rows:double", "{}").awaitResolved(0);
        assertThat(page.responses.get(0L).get("success").booleanValue()).isTrue();
        assertThat(runs).hasValue(ATTEMPTS);
        assertThat(house.value()).isEqualTo(2);
    }

    @Test
    void theJavaClientHasATypeForIt() throws Exception {
        SyncServer.toOneClient(house, client -> {
            assertThatThrownBy(() -> client.mutate("rows:double", Map.of())
                            .thenApply(result -> result)
                            .get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(LiveConflict.class)
                    .satisfies(e -> assertThat(((LiveCallFailed) e).code()).contains("MUTATION_CONFLICT"));
            inTheWay.set(0);
            assertThat(client.mutate("rows:double", Map.of())
                            .thenApply(result -> result)
                            .get(20, TimeUnit.SECONDS))
                    .isEqualTo(2.0);
        });
    }

    @Test
    void overHttpAndFromAnActionItIsTheSameError() {
        Call call = new Call(FunctionPath.of("rows:double"), JsonMapper.shared().createObjectNode(), null);
        FunctionCalls.Reply reply = house.engine.calls().mutation(new Caller.Anonymous(), call);
        assertThat(reply)
                .isInstanceOfSatisfying(
                        FunctionCalls.Reply.Failed.class,
                        failed -> assertThat(failed.failure().dataJson()).contains("MUTATION_CONFLICT"));

        Call action =
                new Call(FunctionPath.of("rows:caught"), JsonMapper.shared().createObjectNode(), null);
        assertThat(house.engine.calls().action(new Caller.Anonymous(), action))
                .isInstanceOfSatisfying(
                        FunctionCalls.Reply.Done.class,
                        done -> assertThat(done.resultJson()).startsWith("\"caught: Others changed the same rows"));
    }
}
