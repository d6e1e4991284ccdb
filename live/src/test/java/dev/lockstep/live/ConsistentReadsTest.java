package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.live.http.ConsistentReads;
import dev.lockstep.live.http.FunctionsOverHttp;
import dev.lockstep.live.http.FunctionsOverHttp.Kind;
import dev.lockstep.live.http.FunctionsOverHttp.Response;
import dev.lockstep.store.Database;
import dev.lockstep.store.feed.HeldSnapshots;
import dev.lockstep.store.feed.MomentReader;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Queries at one earlier moment over HTTP, on two nodes. */
class ConsistentReadsTest {
    private static final String MOVE = """
            WITH one AS (UPDATE app.counters SET value = value - 1 WHERE name = 'a')
            UPDATE app.counters SET value = value + 1 WHERE name = 'b'
            """;

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private final SettableClock clock = SettableClock.at("2026-11-21T10:00:00Z");
    private LiveHouse here;
    private LiveHouse there;
    private HeldSnapshots held;
    private FunctionsOverHttp node;
    private FunctionsOverHttp other;

    @BeforeEach
    void open() {
        here = new LiveHouse(postgres.dataSource());
        there = new LiveHouse(postgres.dataSource());
        held = new HeldSnapshots(postgres.dataSource(), new HeldSnapshots.Settings(3, Duration.ofSeconds(30)), clock);
        held.start();
        MomentReader moments = new MomentReader(new Database(postgres.dataSource()));
        node = new FunctionsOverHttp(here.engine.calls(), LiveHouse::verdict, new ConsistentReads(held, moments), 4);
        other = there.http(LiveHouse::verdict);
    }

    @AfterEach
    void close() {
        held.close();
        here.close();
        there.close();
    }

    private static JsonNode json(Response response) {
        return JsonMapper.shared().readTree(response.body());
    }

    private String take() {
        Response response = node.answer(Kind.QUERY_TS, "", null);
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        return json(response).get("ts").asString();
    }

    private static Response ask(FunctionsOverHttp of, String path, String args, String ts, String token) {
        return of.answer(
                Kind.QUERY_AT_TS,
                "{\"path\":\"%s\",\"format\":\"convex_encoded_json\",\"args\":[%s],\"ts\":%s}"
                        .formatted(path, args, ts),
                token == null ? null : "Bearer " + token);
    }

    private static Response at(FunctionsOverHttp of, String path, String ts, String token) {
        return ask(of, path, "{}", "\"" + ts + "\"", token);
    }

    private static double value(Response response) {
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        return json(response).get("value").doubleValue();
    }

    private double sumNow() {
        return value(node.answer(Kind.QUERY, "{\"path\":\"counters:sum\",\"args\":{}}", null));
    }

    @Test
    void aMomentHasSeenWhatWasWrittenBeforeAndNothingLaterOnWhicheverNode() {
        here.sql("INSERT INTO app.counters VALUES ('a', 'x', 7)");
        String ts = take();
        here.sql("UPDATE app.counters SET value = 8");
        assertThat(value(at(node, "counters:sum", ts, null))).isEqualTo(7);
        assertThat(value(at(other, "counters:sum", ts, null))).isEqualTo(7);
        assertThat(sumNow()).isEqualTo(8);
        assertThat(value(at(other, "counters:sum", take(), null))).isEqualTo(8);
    }

    @Test
    void whileMoneyMovesAllQueriesOfOneMomentAgree() throws InterruptedException {
        here.sql("INSERT INTO app.counters VALUES ('a', 'x', 1000), ('b', 'x', 0)");
        AtomicBoolean done = new AtomicBoolean();
        Thread mover = Thread.ofVirtual().start(() -> {
            while (!done.get()) {
                here.sql(MOVE);
            }
        });
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> moved() > 0);
            String ts = take();
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                FunctionsOverHttp of = i % 2 == 0 ? node : other;
                seen.add(one(of, "a", ts) + "+" + one(of, "b", ts));
                assertThat(one(of, "a", ts) + one(of, "b", ts)).isEqualTo(1000);
            }
            assertThat(seen).hasSize(1);
        } finally {
            done.set(true);
            mover.join();
        }
    }

    private double moved() {
        return value(node.answer(Kind.QUERY, "{\"path\":\"counters:get\",\"args\":{\"name\":\"b\"}}", null));
    }

    private static double one(FunctionsOverHttp of, String name, String ts) {
        return value(ask(of, "counters:get", "{\"name\":\"" + name + "\"}", "\"" + ts + "\"", null));
    }

    @Test
    void aMomentThatHasEndedIsSaidToHaveEndedAndNeverBecomesANewerOne() {
        String ts = take();
        clock.advance(Duration.ofSeconds(30));
        await().atMost(Duration.ofSeconds(30)).until(() -> held.open() == 0);
        for (FunctionsOverHttp of : new FunctionsOverHttp[] {node, other}) {
            Response gone = at(of, "counters:sum", ts, null);
            assertThat(gone.status()).isEqualTo(410);
            assertThat(json(gone).get("code").asString()).isEqualTo("SnapshotGone");
            assertThat(json(gone).get("message").asString()).contains("30 seconds", "/api/query_ts");
        }
    }

    @Test
    void aNodeThatDiesTakesItsMomentsAlongAndTheOtherSaysSo() {
        String ts = take();
        held.close();
        assertThat(at(other, "counters:sum", ts, null).status()).isEqualTo(410);
        assertThat(node.answer(Kind.QUERY_TS, "", null).status()).isEqualTo(503);
    }

    @Test
    void whenAllAreTakenTheNextIsToldWhenToComeBack() {
        for (int i = 0; i < 3; i++) {
            take();
            clock.advance(Duration.ofSeconds(4));
            here.sql("INSERT INTO app.counters VALUES ('n" + i + "', 'x', 1)");
        }
        Response full = node.answer(Kind.QUERY_TS, "{}", null);
        assertThat(full.status()).isEqualTo(503);
        assertThat(full.retryAfter()).isEqualTo(18);
        assertThat(json(full).get("code").asString()).isEqualTo("TooManySnapshots");
        assertThat(sumNow()).isEqualTo(3);
    }

    @Test
    void whoeverKnowsAMomentSeesThereWhatItMaySeeAnywayAndNoMore() {
        here.sql("INSERT INTO app.counters VALUES ('hers', 'user_ada', 1), ('his', 'user_bob', 2)");
        String ts = take();
        assertThat(at(node, "counters:mine", ts, "user:ada").body())
                .contains("hers")
                .doesNotContain("his");
        assertThat(at(other, "counters:mine", ts, "user:bob").body())
                .contains("his")
                .doesNotContain("hers");
        assertThat(json(at(node, "counters:mine", ts, null)).get("value").size())
                .isZero();
        assertThat(at(node, "counters:mine", ts, "bad").status()).isEqualTo(401);
        assertThat(at(node, "counters:mine", ts, "unverifiable").status()).isEqualTo(503);
    }

    @Test
    void onlyPublicQueriesRunAndTheirArgumentsAreChecked() {
        String ts = take();
        for (String path : new String[] {"counters:secret", "counters:add", "counters:addTwice", "no:such"}) {
            assertThat(json(at(node, path, ts, null)).get("errorMessage").asString())
                    .startsWith("There is no public query '");
        }
        assertThat(json(at(node, "counters:get", ts, null)).get("errorMessage").asString())
                .startsWith("ArgumentError:");
        assertThat(json(at(node, "counters:told", ts, null))
                        .at("/errorData/code")
                        .asString())
                .isEqualTo("FORBIDDEN");
        assertThat(here.mutationRuns).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "{}",
                "\"\"",
                "\"x\"",
                "\"AAAA\"",
                "\"AAAAAAAAAAAA\"",
                "\"//////////8=\"",
                "\"AAAAAAAAAIA=\"",
                "\"/////////38=\"",
                "\"'; DROP TABLE app.counters; --\""
            })
    void aTimeThatIsNoneIsRefusedInWords(String ts) {
        Response refused = ask(node, "counters:sum", "{}", ts, null);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(json(refused).get("code").asString()).isEqualTo("InvalidTimestamp");
        assertThat(here.queryRuns).hasValue(0);
    }

    @Test
    void aTimeThatNobodyWasGivenIsNotHeld() {
        assertThat(at(node, "counters:sum", "AAAAAAAAAAA=", null).status()).isEqualTo(410);
        assertThat(at(node, "counters:sum", "AQAAAAAAAQA=", null).status()).isEqualTo(410);
        assertThat(here.queryRuns).hasValue(0);
    }
}
