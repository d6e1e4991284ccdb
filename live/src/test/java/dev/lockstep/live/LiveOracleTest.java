package dev.lockstep.live;

import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever was written, by whomever and over whichever node: in the end every page shows what SQL says. */
class LiveOracleTest {
    private static final int STEPS = 150;
    private static final int NAMES = 5;
    private static final List<String> USERS = List.of("ada", "ben", "cleo");

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private static final class Page {
        private final UUID session = UUID.randomUUID();
        private final String user;
        private final String watched;
        private FakeBrowser browser;
        private int connections;
        private int requests;

        Page(String user, String watched) {
            this.user = user;
            this.watched = watched;
        }

        void open(LiveEngine engine) {
            browser = FakeBrowser.open(engine, session)
                    .connect(connections++)
                    .authenticate("user:" + user)
                    .follow(0, "counters:get", "{\"name\":\"%s\"}".formatted(watched))
                    .follow(1, "counters:sum", "{}")
                    .follow(2, "counters:mine", "{}");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20261121, 42})
    void everyPageEndsWhereTheDatabaseIs(long seed) {
        Random random = new Random(seed);
        try (LiveHouse one = new LiveHouse(postgres.dataSource());
                LiveHouse two = new LiveHouse(postgres.dataSource())) {
            List<Page> pages = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Page page = new Page(USERS.get(i % USERS.size()), name(i % NAMES));
                page.open(i % 2 == 0 ? one.engine : two.engine);
                pages.add(page);
            }
            for (int step = 0; step < STEPS; step++) {
                step(random, one, two, pages.get(random.nextInt(pages.size())));
            }
            for (Page page : pages) {
                check(one, page);
            }
        }
    }

    private void step(Random random, LiveHouse one, LiveHouse two, Page page) {
        String name = name(random.nextInt(NAMES));
        switch (random.nextInt(8)) {
            case 0 ->
                one.sql("INSERT INTO app.counters VALUES ('%s', 'user_%s', %d) ON CONFLICT (name) DO NOTHING"
                        .formatted(name, USERS.get(random.nextInt(3)), random.nextInt(10)));
            case 1 -> one.sql("DELETE FROM app.counters WHERE name = '%s'".formatted(name));
            case 2 ->
                one.sql("UPDATE app.counters SET owner = 'user_%s' WHERE name = '%s'"
                        .formatted(USERS.get(random.nextInt(3)), name));
            case 3 -> {
                page.browser.vanish();
                page.open(random.nextBoolean() ? one.engine : two.engine);
            }
            case 4 ->
                one.sql(random.nextInt(5) == 0 ? "TRUNCATE app.counters" : "UPDATE app.counters SET value = value");
            default ->
                page.browser.mutate(page.requests++, "counters:add", "{\"name\":\"%s\",\"by\":1}".formatted(name));
        }
    }

    /** SQL is asked anew at every look: a mutation of a page that has gone may still have been under way. */
    private static void check(LiveHouse house, Page page) {
        long last = page.requests++;
        page.browser.mutate(last, "counters:nothing", "{}").awaitResolved(last);
        agrees(house, page, 0, "SELECT to_jsonb(value) FROM app.counters WHERE name = '%s'".formatted(page.watched));
        agrees(house, page, 1, "SELECT to_jsonb(coalesce(sum(value), 0)) FROM app.counters");
        agrees(
                house,
                page,
                2,
                "SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]') FROM app.counters c WHERE owner = 'user_%s'"
                        .formatted(page.user));
    }

    private static void agrees(LiveHouse house, Page page, long queryId, String sql) {
        page.browser.await("what SQL says for query " + queryId, b -> same(b.results.get(queryId), value(house, sql)));
    }

    /** Rows come in no order. */
    private static boolean same(JsonNode shown, String sql) {
        JsonNode expected = JsonMapper.shared().readTree(sql);
        return shown.isArray()
                ? shown.valueStream()
                        .collect(Collectors.toSet())
                        .equals(expected.valueStream().collect(Collectors.toSet()))
                : shown.equals(expected);
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
