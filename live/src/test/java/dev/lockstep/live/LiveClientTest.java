package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.live.client.LiveCallFailed;
import dev.lockstep.live.client.LiveClient;
import dev.lockstep.live.client.LiveClientSettings;
import dev.lockstep.live.client.LiveResult;
import dev.lockstep.testing.PostgresExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LiveClientTest {
    private static final Map<String, Object> ADD = Map.of("name", "a", "by", 1.0);

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private final AtomicReference<String> token = new AtomicReference<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private LiveHouse house;
    private SyncServer server;
    private LiveClient client;

    @BeforeEach
    void open() throws Exception {
        house = new LiveHouse(postgres.dataSource());
        server = new SyncServer(house, 0);
        URI address = URI.create("http://127.0.0.1:" + server.port());
        client = new LiveClient(
                LiveClientSettings.of(address)
                        .withToken(() -> Optional.ofNullable(token.get()))
                        .withPatience(Duration.ofMillis(20), Duration.ofMillis(200)),
                HttpClient.newHttpClient(),
                new Random(7));
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        server.close();
        house.close();
    }

    private BlockingQueue<LiveResult> follow(String path, Map<String, ?> args) {
        BlockingQueue<LiveResult> results = new LinkedBlockingQueue<>();
        client.subscribe(path, args, results::add);
        if (started.compareAndSet(false, true)) {
            client.start();
        }
        return results;
    }

    private static LiveResult next(BlockingQueue<LiveResult> results) throws InterruptedException {
        return results.poll(20, TimeUnit.SECONDS);
    }

    private static Object get(CompletableFuture<Object> promise) throws Exception {
        return promise.get(20, TimeUnit.SECONDS);
    }

    @Test
    void itFollowsWhatChangesAndAPromiseIsKeptOnceItShows() throws Exception {
        BlockingQueue<LiveResult> sums = follow("counters:sum", Map.of());
        assertThat(next(sums)).isEqualTo(new LiveResult.Value(0.0));
        assertThat(client.mutate("counters:add", ADD)
                        .thenApply(result -> List.of(result, sums.peek()))
                        .get(20, TimeUnit.SECONDS))
                .isEqualTo(List.of(1.0, new LiveResult.Value(1.0)));
        house.sql("UPDATE app.counters SET value = 7");
        assertThat(next(sums)).isEqualTo(new LiveResult.Value(1.0));
        assertThat(next(sums)).isEqualTo(new LiveResult.Value(7.0));
    }

    @Test
    void failuresArriveWithWhatTheFunctionGaveAlong() throws Exception {
        assertThat(next(follow("counters:told", Map.of())))
                .isEqualTo(new LiveResult.Failed("Not for you", Map.of("code", "FORBIDDEN")));
        assertThatThrownBy(() -> get(client.mutate("counters:broken", Map.of()).thenApply(r -> r)))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(LiveCallFailed.class)
                .hasMessageContaining("Server Error");
    }

    @Test
    void itComesBackAfterABreakAndCarriesOutWhatWasQueuedOnce() throws Exception {
        BlockingQueue<LiveResult> sums = follow("counters:sum", Map.of());
        assertThat(next(sums)).isEqualTo(new LiveResult.Value(0.0));
        server.loseNextResponse.set(true);
        assertThat(get(client.mutate("counters:add", ADD).thenApply(r -> r))).isEqualTo(1.0);
        server.drop();
        assertThat(get(client.mutate("counters:add", ADD).thenApply(r -> r))).isEqualTo(2.0);
        assertThat(house.mutationRuns).hasValue(2);
        assertThat(next(sums)).isEqualTo(new LiveResult.Value(1.0));
    }

    @Test
    void aTokenThatIsRefusedIsFetchedAnew() throws Exception {
        token.set("user:ada");
        BlockingQueue<LiveResult> mine = follow("counters:mine", Map.of());
        assertThat(next(mine)).isEqualTo(new LiveResult.Value(List.of()));
        house.sql("INSERT INTO app.counters VALUES ('b', 'user_ben', 2)");
        token.set("user:ben");
        assertThat(house.engine.revoke(caller -> true)).isEqualTo(1);
        assertThat(next(mine))
                .isEqualTo(new LiveResult.Value(List.of(Map.of("name", "b", "owner", "user_ben", "value", 2.0))));
    }

    @Test
    void aSubscriptionThatIsClosedHearsNothingMore() throws Exception {
        client.start();
        BlockingQueue<LiveResult> left = new LinkedBlockingQueue<>();
        LiveClient.Subscription subscription = client.subscribe("counters:sum", Map.of(), left::add);
        assertThat(next(left)).isEqualTo(new LiveResult.Value(0.0));
        subscription.close();
        get(client.mutate("counters:add", ADD).thenApply(r -> r));
        assertThat(left).isEmpty();
    }
}
