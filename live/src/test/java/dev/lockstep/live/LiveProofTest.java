package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.Chronicle.Followed;
import dev.lockstep.live.Chronicle.History;
import dev.lockstep.live.client.LiveClient;
import dev.lockstep.live.client.LiveClientSettings;
import dev.lockstep.live.client.LiveView;
import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;

/**
 * Random writes by mutations and by plain SQL, random pages over two nodes, and nodes, sockets and the database failing at
 * random. Every view that any page ever shows must be a state of one serial history of the commits; in the end all show the
 * newest; every mutation whose promise was kept was carried out once, and none twice. For an hour: {@code ./lockstep prove
 * live}.
 */
class LiveProofTest {
    private static final Duration LONG = Duration.ofSeconds(Integer.getInteger("lockstep.live.seconds", 8));
    private static final long SEED = Long.getLong("lockstep.live.seed", 20261121);
    private static final int STEPS = 150;
    private static final int PAGES = 8;

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("chronicle", Chronicle::prepare);

    private final HttpClient http = HttpClient.newHttpClient();
    private int views;
    private int states;
    private int commits;
    private int kept;
    private int breaks;

    /** One page and all it has ever shown. */
    private static final class Page {
        final LiveClient client;
        final Map<Long, String> names = new HashMap<>();
        final Map<Long, String> owners = new HashMap<>();
        final Map<Long, Chronicle.Between> ranges = new HashMap<>();
        final long commits;
        final long last;
        final long page;
        final long latest;
        final List<LiveView> views = new CopyOnWriteArrayList<>();

        Page(LiveClient client, Random random) {
            this.client = client;
            client.watch(views::add);
            commits = client.subscribe("chronicle:commits", Map.of(), result -> {})
                    .id();
            latest =
                    client.subscribe("chronicle:latest", Map.of(), result -> {}).id();
            last = client.subscribe("chronicle:last", Map.of(), result -> {}).id();
            page = client.subscribe("chronicle:page", Map.of(), result -> {}).id();
            int low = random.nextInt(Chronicle.NAMES);
            Chronicle.Between range =
                    new Chronicle.Between("c" + low, "c" + (low + 1 + random.nextInt(Chronicle.NAMES - low)));
            ranges.put(
                    client.subscribe(
                                    "chronicle:between", Map.of("low", range.low(), "high", range.high()), result -> {})
                            .id(),
                    range);
            for (int i = 0; i < 2; i++) {
                String name = "c" + random.nextInt(Chronicle.NAMES);
                names.put(
                        client.subscribe("chronicle:get", Map.of("name", name), result -> {})
                                .id(),
                        name);
            }
            String owner = Chronicle.OWNERS.get(random.nextInt(3));
            owners.put(
                    client.subscribe("chronicle:of", Map.of("owner", owner), result -> {})
                            .id(),
                    owner);
        }

        Followed followed() {
            return new Followed(commits, names, owners, ranges, last, page, latest);
        }
    }

    /** A node with its socket server. */
    private record Node(LiveHouse house, SyncServer server) {
        static Node start(PostgresExtension postgres) throws Exception {
            LiveHouse house = LiveHouse.with(postgres.dataSource(), Chronicle.functions());
            return new Node(house, new SyncServer(house.engine, 0));
        }

        void kill() throws Exception {
            server.close();
            house.close();
        }
    }

    @Test
    void everyViewIsAStateOfOneSerialHistoryWhateverBreaks() throws Exception {
        long end = System.nanoTime() + LONG.toNanos();
        long seed = SEED;
        do {
            round(new Random(seed++));
            LiveHouse.execute(
                    postgres.dataSource(),
                    "DELETE FROM app.chronicle; DELETE FROM app.things; UPDATE app.versions SET version = 0");
        } while (System.nanoTime() < end);
        System.out.printf(
                "live proof: %d rounds, %d commits, %d promises kept, %d breaks, %d views, %d different states, 0 lost, 0 doubled%n",
                seed - SEED, commits, kept, breaks, views, states);
    }

    private void round(Random random) throws Exception {
        List<Node> nodes = new CopyOnWriteArrayList<>(List.of(Node.start(postgres), Node.start(postgres)));
        Map<String, CompletableFuture<Object>> promises = new ConcurrentHashMap<>();
        Map<String, String> namesOf = new HashMap<>();
        List<Page> pages = new ArrayList<>();
        try {
            for (int i = 0; i < PAGES; i++) {
                pages.add(new Page(client(nodes, random), random));
            }
            for (int step = 0; step < STEPS; step++) {
                step(random, nodes, pages, promises, namesOf, step);
            }
            settle(pages, promises);
            judge(pages, promises, namesOf);
        } finally {
            pages.forEach(page -> page.client.close());
            for (Node node : nodes) {
                node.kill();
            }
        }
    }

    private LiveClient client(List<Node> nodes, Random random) {
        Random own = new Random(random.nextLong());
        LiveClientSettings settings = new LiveClientSettings(
                () -> URI.create("http://127.0.0.1:"
                        + nodes.get(own.nextInt(nodes.size())).server().port()),
                java.util.Optional::empty,
                Duration.ofSeconds(20),
                Duration.ofMillis(30),
                Duration.ofMillis(500));
        return new LiveClient(settings, http, own).start();
    }

    private void step(
            Random random,
            List<Node> nodes,
            List<Page> pages,
            Map<String, CompletableFuture<Object>> promises,
            Map<String, String> namesOf,
            int step)
            throws Exception {
        Page page = pages.get(random.nextInt(pages.size()));
        String commit = "m" + step;
        String names = names(random);
        String owner = random.nextInt(5) == 0 ? null : Chronicle.OWNERS.get(random.nextInt(3));
        switch (random.nextInt(20)) {
            case 0 -> {
                breaks++;
                page.client.dropConnection();
            }
            case 1 -> {
                if (step % 3 == 0) {
                    breaks++;
                    Node old = nodes.get(random.nextInt(2));
                    nodes.set(nodes.indexOf(old), Node.start(postgres));
                    old.kill();
                }
            }
            case 2 -> {
                if (step % 5 == 0) {
                    breaks++;
                    postgres.crash();
                    postgres.bringBack();
                }
            }
            case 3, 4, 5, 6, 7 -> sql("s" + step, names, owner, random.nextInt(100));
            default -> {
                Map<String, Object> args = new HashMap<>();
                args.put("commit", commit);
                args.put("names", names);
                args.put("owner", owner);
                args.put("value", random.nextInt(100));
                namesOf.put(commit, names);
                promises.put(commit, page.client.mutate("chronicle:put", args).thenApply(result -> {
                    assertSeen(page, commit);
                    return commit;
                }));
            }
        }
    }

    /** When the promise is kept the page shows the commit. */
    private static void assertSeen(Page page, String commit) {
        assertThat(String.valueOf(page.views.getLast().results().get(page.commits)))
                .contains(commit);
    }

    private void sql(String commit, String names, String owner, int value) {
        String by = owner == null ? "NULL" : "'" + owner + "'";
        StringBuilder statements = new StringBuilder("BEGIN;");
        for (String name : names.split(",")) {
            statements.append("SELECT app.put('%s', '%s', %s, %d);".formatted(commit, name, by, value));
        }
        try {
            LiveHouse.execute(postgres.dataSource(), statements.append("COMMIT").toString());
        } catch (AssertionError databaseWasAway) {
            assertThat(databaseWasAway.getCause()).isInstanceOf(java.sql.SQLException.class);
        }
    }

    /** One name or two, in the order in which everybody locks them. */
    private static String names(Random random) {
        TreeSet<String> names = new TreeSet<>();
        for (int i = 0; i <= random.nextInt(2); i++) {
            names.add("c" + random.nextInt(Chronicle.NAMES));
        }
        return String.join(",", names);
    }

    /** Waits until every promise is kept and every page shows the newest state. */
    private void settle(List<Page> pages, Map<String, CompletableFuture<Object>> promises) throws Exception {
        CompletableFuture.allOf(promises.values().toArray(CompletableFuture[]::new))
                .get(60, TimeUnit.SECONDS);
        for (Page page : pages) {
            CompletableFuture<Object> last = page.client
                    .mutate(
                            "chronicle:put",
                            Map.of("commit", "last" + pages.indexOf(page), "names", "c0", "owner", "ada", "value", 1))
                    .thenApply(result -> result);
            last.get(60, TimeUnit.SECONDS);
        }
        int all = count();
        for (Page page : pages) {
            CompletableFuture<Object> newest = new CompletableFuture<>();
            page.client.watch(view -> {
                if (shown(page, view) == all) {
                    newest.complete(view);
                }
            });
            if (shown(page, page.views.getLast()) != all) {
                newest.get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static int shown(Page page, LiveView view) {
        return view.results().get(page.commits) instanceof dev.lockstep.live.client.LiveResult.Value value
                        && value.value() instanceof List<?> list
                ? list.size()
                : -1;
    }

    private int count() {
        for (int attempt = 1; ; attempt++) {
            try {
                return new Database(postgres.dataSource())
                        .read(tx -> tx.sql("SELECT count(DISTINCT commit) FROM app.chronicle")
                                .query(Integer.class)
                                .single());
            } catch (DataAccessException e) {
                assertThat(attempt).isLessThan(20);
            }
        }
    }

    private void judge(List<Page> pages, Map<String, CompletableFuture<Object>> promises, Map<String, String> namesOf) {
        History history = History.read(postgres.dataSource());
        List<BitSet> all = new ArrayList<>();
        for (Page page : pages) {
            long ts = 0;
            BitSet before = new BitSet();
            for (LiveView view : page.views) {
                assertThat(view.ts()).as("the clock of a page").isGreaterThanOrEqualTo(ts);
                ts = view.ts();
                BitSet state = Chronicle.judge(history, page.followed(), view);
                if (state != null) {
                    before.andNot(state);
                    assertThat(before.isEmpty()).as("a page never goes back").isTrue();
                    before = (BitSet) state.clone();
                    all.add(state);
                }
            }
            assertThat(before.cardinality()).as("in the end the page shows all").isEqualTo(history.size());
            views += page.views.size();
        }
        promises.keySet().forEach(commit -> {
            for (String name : namesOf.get(commit).split(",")) {
                assertThat(history.rowsOf(commit, name))
                        .as("mutation %s was carried out once", commit)
                        .isEqualTo(1);
            }
        });
        states += Chronicle.assertOneHistory(all);
        commits += history.size();
        kept += promises.size();
    }
}
