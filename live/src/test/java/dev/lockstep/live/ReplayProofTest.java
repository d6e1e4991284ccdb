package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.client.LiveClient;
import dev.lockstep.live.client.LiveClientSettings;
import dev.lockstep.live.function.ArgField;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Mutations that pages queue while their sockets break, before and after the commit, three times in ten: each is carried
 * out once, in the order of the calls. A hundred thousand of them: {@code ./lockstep prove replay}.
 */
class ReplayProofTest {
    private static final int MUTATIONS = Integer.getInteger("lockstep.replay.mutations", 2000);
    private static final int PAGES = 4;
    private static final int TOGETHER = 10;

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("replay", ReplayProofTest::prepare);

    private static void prepare(javax.sql.DataSource dataSource) {
        LiveHouse.prepare(dataSource);
        LiveHouse.execute(dataSource, "CREATE TABLE app.steps (id bigserial, page text, number int)");
    }

    private static LiveFunctions functions() {
        return LiveFunctions.builder()
                .mutation(
                        "steps:add",
                        (ctx, args) -> {
                            ctx.tx()
                                    .sql("INSERT INTO app.steps (page, number) VALUES (:page, :number)")
                                    .param("page", args.text("page"))
                                    .param("number", (int) args.number("number"))
                                    .update();
                            return null;
                        },
                        ArgField.text("page"),
                        ArgField.number("number"))
                .build();
    }

    @Test
    void everyQueuedMutationIsCarriedOutOnceAndInOrder() throws Exception {
        AtomicInteger breaks = new AtomicInteger();
        HttpClient http = HttpClient.newHttpClient();
        try (LiveHouse one = LiveHouse.with(postgres.dataSource(), functions());
                LiveHouse two = LiveHouse.with(postgres.dataSource(), functions())) {
            SyncServer first = new SyncServer(one, 0);
            SyncServer second = new SyncServer(two, 0);
            // A third of the breaks are right after a commit: the response is lost on its way.
            List<CompletableFuture<Void>> pages = new ArrayList<>();
            for (int page = 0; page < PAGES; page++) {
                String name = "page" + page;
                Random random = new Random(page);
                LiveClientSettings settings = new LiveClientSettings(
                        () -> URI.create("http://127.0.0.1:"
                                + (ThreadLocalRandom.current().nextBoolean() ? first : second).port()),
                        Optional::empty,
                        Duration.ofSeconds(20),
                        Duration.ofMillis(5),
                        Duration.ofMillis(100));
                pages.add(CompletableFuture.runAsync(
                        () -> {
                            try (LiveClient client = new LiveClient(settings, http, new Random(7)).start()) {
                                call(client, name, random, breaks, random.nextBoolean() ? first : second);
                            }
                        },
                        task -> Thread.ofVirtual().start(task)));
            }
            CompletableFuture.allOf(pages.toArray(CompletableFuture[]::new))
                    .get(8 + MUTATIONS / 1_000, TimeUnit.MINUTES);
            first.close();
            second.close();
        }
        judge();
        System.out.printf(
                "replay proof: %d mutations by %d pages over two nodes, %d broken connections, each carried out once and in order%n",
                MUTATIONS / PAGES * PAGES, PAGES, breaks.get());
        assertThat(breaks.get()).isGreaterThan(MUTATIONS / TOGETHER / 10);
    }

    private static void call(LiveClient client, String page, Random random, AtomicInteger breaks, SyncServer server) {
        for (int number = 0; number < MUTATIONS / PAGES; number += TOGETHER) {
            List<CompletableFuture<Object>> promises = new ArrayList<>();
            boolean broken = random.nextInt(10) < 3;
            int breakAt = random.nextInt(TOGETHER);
            for (int i = 0; i < TOGETHER; i++) {
                promises.add(client.mutate("steps:add", Map.of("page", page, "number", (double) (number + i)))
                        .thenApply(result -> result));
                if (broken && i == breakAt) {
                    breaks.incrementAndGet();
                    if (random.nextInt(3) == 0) {
                        server.loseNextResponse.set(true);
                    } else {
                        client.dropConnection();
                    }
                }
            }
            CompletableFuture.allOf(promises.toArray(CompletableFuture[]::new))
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        }
    }

    private void judge() {
        for (int page = 0; page < PAGES; page++) {
            String name = "page" + page;
            List<Integer> numbers = new Database(postgres.dataSource())
                    .read(tx -> tx.sql("SELECT number FROM app.steps WHERE page = :page ORDER BY id")
                            .param("page", name)
                            .query(Integer.class)
                            .list());
            assertThat(numbers)
                    .as("the mutations of %s", name)
                    .isEqualTo(java.util.stream.IntStream.range(0, MUTATIONS / PAGES)
                            .boxed()
                            .toList());
        }
    }
}
