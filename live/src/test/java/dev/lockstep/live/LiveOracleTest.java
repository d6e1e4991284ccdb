package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.live.client.LiveClient;
import dev.lockstep.live.client.LiveClientSettings;
import dev.lockstep.live.client.LiveResult;
import dev.lockstep.live.wire.WireValues;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Whatever was written, by whomever and over whichever node: in the end every page shows what SQL says. */
class LiveOracleTest {
    private static final int STEPS = 150;
    private static final int NAMES = 5;
    private static final List<String> USERS = List.of("ada", "ben", "cleo");

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    /** Somebody who follows three queries over whichever node his client finds. */
    private static final class Page implements AutoCloseable {
        private final String user;
        private final String watched;
        private final LiveClient client;
        private final Map<String, LiveResult> shown = new ConcurrentHashMap<>();

        Page(String user, String watched, LiveClient client) {
            this.user = user;
            this.watched = watched;
            this.client = client;
            follow("counters:get", Map.of("name", watched));
            follow("counters:sum", Map.of());
            follow("counters:mine", Map.of());
        }

        private void follow(String path, Map<String, Object> args) {
            client.subscribe(path, args, result -> shown.put(path, result));
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @ValueSource(longs = {1, 20261121, 42})
    void everyPageEndsWhereTheDatabaseIs(long seed) throws Exception {
        Random random = new Random(seed);
        List<Page> pages = new ArrayList<>();
        List<SyncServer> servers = new ArrayList<>();
        int step = 0;
        try (LiveHouse one = new LiveHouse(postgres.dataSource());
                LiveHouse two = new LiveHouse(postgres.dataSource())) {
            servers.add(new SyncServer(one, 0));
            servers.add(new SyncServer(two, 0));
            for (int i = 0; i < 12; i++) {
                String user = USERS.get(i % USERS.size());
                pages.add(new Page(user, name(i % NAMES), client(servers, user, random)));
            }
            while (step < STEPS) {
                step(random, one, pages.get(random.nextInt(pages.size())));
                step++;
            }
            for (Page page : pages) {
                check(one, page);
            }
        } catch (Exception | AssertionError e) {
            throw new AssertionError("With seed %d, after step %d".formatted(seed, step), e);
        } finally {
            pages.forEach(Page::close);
            for (SyncServer server : servers) {
                server.close();
            }
        }
    }

    private LiveClient client(List<SyncServer> servers, String user, Random random) {
        Random own = new Random(random.nextLong());
        LiveClientSettings settings = new LiveClientSettings(
                () -> URI.create("http://127.0.0.1:"
                        + servers.get(own.nextInt(servers.size())).port()),
                () -> Optional.of("user:" + user),
                Duration.ofSeconds(20),
                Duration.ofMillis(10),
                Duration.ofMillis(200));
        return new LiveClient(settings, http, own).start();
    }

    private static void step(Random random, LiveHouse house, Page page) {
        String name = name(random.nextInt(NAMES));
        switch (random.nextInt(8)) {
            case 0 ->
                house.sql("INSERT INTO app.counters VALUES ('%s', 'user_%s', %d) ON CONFLICT (name) DO NOTHING"
                        .formatted(name, USERS.get(random.nextInt(3)), random.nextInt(10)));
            case 1 -> house.sql("DELETE FROM app.counters WHERE name = '%s'".formatted(name));
            case 2 ->
                house.sql("UPDATE app.counters SET owner = 'user_%s' WHERE name = '%s'"
                        .formatted(USERS.get(random.nextInt(3)), name));
            case 3 -> page.client.dropConnection();
            case 4 ->
                house.sql(random.nextInt(5) == 0 ? "TRUNCATE app.counters" : "UPDATE app.counters SET value = value");
            default -> {
                var unused = page.client.mutate("counters:add", Map.of("name", name, "by", 1));
            }
        }
    }

    /** SQL is asked anew at every look: a mutation of another page may still be under way. */
    private static void check(LiveHouse house, Page page) throws Exception {
        page.client.mutate("counters:nothing", Map.of()).get(60, TimeUnit.SECONDS);
        agrees(
                house,
                page,
                "counters:get",
                "SELECT to_jsonb(value) FROM app.counters WHERE name = '%s'".formatted(page.watched));
        agrees(house, page, "counters:sum", "SELECT to_jsonb(coalesce(sum(value), 0)) FROM app.counters");
        agrees(
                house,
                page,
                "counters:mine",
                "SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]') FROM app.counters c WHERE owner = 'user_%s'"
                        .formatted(page.user));
    }

    private static void agrees(LiveHouse house, Page page, String path, String sql) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(plain(
                                page.shown.get(path) instanceof LiveResult.Value shown
                                        ? shown.value()
                                        : page.shown.get(path)))
                        .as("%s as SQL says", path)
                        .isEqualTo(plain(WireValues.decode(JsonMapper.shared().readTree(value(house, sql))))));
    }

    /** Rows come in no order. */
    private static @Nullable Object plain(@Nullable Object shown) {
        return shown instanceof List<?> rows ? Set.copyOf(rows) : shown;
    }

    private static String value(LiveHouse house, String sql) {
        return new Database(house.dataSource)
                .<String>read(tx -> tx.sql("SELECT coalesce((" + sql + ")::text, 'null')")
                        .query(String.class)
                        .single());
    }

    private static String name(int i) {
        return "c" + i;
    }
}
