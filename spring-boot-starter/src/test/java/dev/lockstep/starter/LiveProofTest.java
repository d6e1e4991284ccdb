package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.live.client.LiveClient;
import dev.lockstep.live.client.LiveClientSettings;
import dev.lockstep.live.client.LiveConflict;
import dev.lockstep.live.client.LiveView;
import dev.lockstep.starter.Judgement.History;
import dev.lockstep.store.Database;
import dev.lockstep.testing.CutWire;
import dev.lockstep.testing.PostgresExtension;
import java.net.http.HttpClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;

/**
 * Random writes by mutations, by plain SQL and by the mirror's own merge, random pages over two nodes, and nodes, sockets,
 * the database and the wires between all of them failing at random. Every view that any page ever shows must be a state of one serial history of the commits; in the end all show the
 * newest; every mutation whose promise was kept was carried out once, and none twice. For an hour: {@code ./lockstep prove
 * live}.
 */
class LiveProofTest {
    private static final Duration LONG = Duration.ofSeconds(Integer.getInteger("lockstep.live.seconds", 8));
    private static final long SEED = Long.getLong("lockstep.live.seed", 20261121);
    private static final int STEPS = 150;
    private static final int PAGES = 8;
    private static final int MOST_WINDOWS = 3;
    private static final Duration NOTICED = Duration.ofSeconds(10);
    private static final Duration BACK = Duration.ofSeconds(10);

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("chronicle", Chronicle::prepare);

    private final HttpClient http = HttpClient.newHttpClient();
    private int views;
    private int merges;
    private int partitions;
    private int states;
    private int commits;
    private int kept;
    private int breaks;

    @Test
    void everyViewIsAStateOfOneSerialHistoryWhateverBreaks() throws Exception {
        long end = System.nanoTime() + LONG.toNanos();
        long seed = SEED;
        do {
            Round round = new Round(seed++);
            try {
                round.run();
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "Round with -Dlockstep.live.seed=%d failed after step %d, %s"
                                .formatted(seed - 1, round.step, round.broken),
                        e);
            }
            Chronicle.clear(postgres.dataSource());
        } while (System.nanoTime() < end);
        System.out.printf(
                "live proof: %d rounds, %d commits, %d of them by the merge, %d promises kept, %d breaks, %d partitions,"
                        + " %d views, %d different states, 0 lost, 0 doubled%n",
                seed - SEED, commits, merges, kept, breaks, partitions, views, states);
    }

    /** One random history, from empty tables to the verdict. */
    private final class Round {
        private final Random random;
        private final List<ProofNode> nodes = new CopyOnWriteArrayList<>();
        private final List<ProofPage> pages = new ArrayList<>();
        private final MergeTraffic merge = new MergeTraffic(postgres.dataSource(), Chronicle.PEOPLE);
        private final Map<String, CompletableFuture<Object>> promises = new ConcurrentHashMap<>();
        private final Map<String, String> namesOf = new HashMap<>();
        /** What is cut at present, and between whom. */
        private final Map<CutWire, String> broken = new HashMap<>();

        private final int outageAt;
        private int step;

        Round(long seed) {
            random = new Random(seed);
            outageAt = random.nextInt(STEPS);
        }

        void run() throws Exception {
            try {
                nodes.add(new ProofNode(postgres));
                nodes.add(new ProofNode(postgres));
                for (int i = 0; i < PAGES; i++) {
                    pages.add(new ProofPage(client(), random));
                }
                while (step < STEPS) {
                    step(pages.get(random.nextInt(PAGES)));
                    if (step == outageAt) {
                        outage(nodes.get(random.nextInt(2)));
                    }
                    step++;
                }
                nodes.forEach(ProofNode::mend);
                broken.clear();
                settle();
                judge();
            } finally {
                pages.forEach(page -> page.client.close());
                for (ProofNode node : nodes) {
                    node.kill();
                }
            }
        }

        private LiveClient client() {
            Random own = new Random(random.nextLong());
            LiveClientSettings settings = new LiveClientSettings(
                    () -> nodes.get(own.nextInt(nodes.size())).door(own.nextInt(100)),
                    Optional::empty,
                    Duration.ofSeconds(4),
                    Duration.ofMillis(30),
                    Duration.ofMillis(500));
            return new LiveClient(settings, http, own).start();
        }

        private void step(ProofPage page) throws Exception {
            ProofNode node = nodes.get(random.nextInt(2));
            switch (random.nextInt(24)) {
                case 0 -> {
                    breaks++;
                    page.client.dropConnection();
                }
                case 1 -> {
                    if (step % 3 == 0) {
                        breaks++;
                        nodes.set(nodes.indexOf(node), new ProofNode(postgres));
                        node.kill();
                        broken.keySet().removeIf(wire -> wire.equals(node.database) || node.doors.contains(wire));
                    }
                }
                case 2 -> {
                    if (step % 5 == 0) {
                        breaks++;
                        postgres.crash();
                        postgres.bringBack();
                    }
                }
                case 3 -> {
                    if (page.windows.size() < MOST_WINDOWS) {
                        page.openWindows();
                    }
                }
                case 4 -> cutOrMend(node.doors.get(random.nextInt(node.doors.size())), "pages and a node");
                case 5 -> cutOrMend(node.database, "a node and its database");
                case 6, 7, 8, 9 -> sql("s" + step);
                case 10, 11, 12, 13 -> merge.write(random);
                default -> mutate(page, "m" + step);
            }
        }

        /** At most one wire is cut at a time. */
        private void cutOrMend(CutWire wire, String between) {
            if (broken.isEmpty()) {
                partitions++;
                broken.put(wire, cut(wire) + " between " + between);
            } else {
                broken.keySet().forEach(CutWire::mend);
                broken.clear();
            }
        }

        private String cut(CutWire wire) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    wire.cut();
                    return "everything is held back";
                }
                case 1 -> {
                    wire.swallow();
                    return "everything is swallowed";
                }
                default -> {
                    wire.refuse();
                    return "everything is refused";
                }
            }
        }

        /** Cuts a node off until it says so itself; it must be back soon after that has ended. */
        private void outage(ProofNode node) {
            partitions++;
            broken.keySet().forEach(CutWire::mend);
            broken.clear();
            broken.put(node.database, cut(node.database) + " until the node says that it is not live");
            await().atMost(NOTICED).until(() -> !node.engine.isLive());
            mutate(pages.getFirst(), "meanwhile");
            node.database.mend();
            await().atMost(BACK).until(node.engine::isLive);
            broken.clear();
        }

        private void mutate(ProofPage page, String commit) {
            Map<String, Object> args = new HashMap<>();
            String names = names();
            args.put("commit", commit);
            args.put("names", names);
            args.put("owner", owner());
            args.put("value", random.nextInt(100));
            namesOf.put(commit, names);
            promises.put(commit, put(page, args).thenApply(result -> {
                page.assertShows(commit);
                return commit;
            }));
        }

        /** Calls again where others always came first: then nothing was carried out. */
        private CompletableFuture<Object> put(ProofPage page, Map<String, Object> args) {
            return page.client
                    .mutate("chronicle:put", args)
                    .exceptionallyCompose(e -> e instanceof LiveConflict || e.getCause() instanceof LiveConflict
                            ? put(page, args)
                            : CompletableFuture.failedFuture(e));
        }

        private void sql(String commit) {
            String owner = owner();
            String by = owner == null ? "NULL" : "'" + owner + "'";
            int value = random.nextInt(100);
            StringBuilder statements = new StringBuilder("BEGIN;");
            for (String name : names().split(",")) {
                statements.append("SELECT app.put('%s', '%s', %s, %d);".formatted(commit, name, by, value));
            }
            try {
                Chronicle.execute(
                        postgres.dataSource(), statements.append("COMMIT").toString());
            } catch (AssertionError databaseWasAway) {
                assertThat(databaseWasAway.getCause()).isInstanceOf(SQLException.class);
            }
        }

        /** One name or two, in the order in which everybody locks them. */
        private String names() {
            TreeSet<String> names = new TreeSet<>();
            for (int i = 0; i <= random.nextInt(2); i++) {
                names.add("c" + random.nextInt(Chronicle.NAMES));
            }
            return String.join(",", names);
        }

        private @Nullable String owner() {
            return random.nextInt(5) == 0 ? null : Chronicle.somebody(random);
        }

        /** Waits until every promise is kept and every page shows the newest state. */
        private void settle() throws Exception {
            try {
                CompletableFuture.allOf(promises.values().toArray(CompletableFuture[]::new))
                        .get(90, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                List<String> open = promises.keySet().stream()
                        .filter(name -> !promises.get(name).isDone())
                        .sorted()
                        .toList();
                throw new AssertionError("Promises that were not kept: " + open, e);
            }
            for (ProofPage page : pages) {
                page.client
                        .mutate(
                                "chronicle:put",
                                Map.of(
                                        "commit",
                                        "last" + pages.indexOf(page),
                                        "names",
                                        "c0",
                                        "owner",
                                        "user_0",
                                        "value",
                                        1))
                        .get(60, TimeUnit.SECONDS);
            }
            int all = count();
            for (ProofPage page : pages) {
                CompletableFuture<Object> newest = new CompletableFuture<>();
                page.client.watch(view -> {
                    if (page.shown(view) == all) {
                        newest.complete(view);
                    }
                });
                if (page.shown(page.views.getLast()) != all) {
                    newest.get(30, TimeUnit.SECONDS);
                }
            }
        }

        private void judge() {
            History history = History.read(postgres.dataSource());
            List<BitSet> all = new ArrayList<>();
            for (ProofPage page : pages) {
                long ts = 0;
                BitSet before = new BitSet();
                for (LiveView view : page.views) {
                    assertThat(view.ts()).as("the clock of a page").isGreaterThanOrEqualTo(ts);
                    ts = view.ts();
                    BitSet state = Judgement.judge(history, page.followed(), view);
                    if (state != null) {
                        before.andNot(state);
                        assertThat(before.isEmpty())
                                .as("a page never goes back")
                                .isTrue();
                        before = (BitSet) state.clone();
                        all.add(state);
                    }
                }
                assertThat(before.cardinality())
                        .as("in the end the page shows all")
                        .isEqualTo(history.size());
                views += page.views.size();
            }
            promises.keySet().forEach(commit -> {
                for (String name : namesOf.get(commit).split(",")) {
                    assertThat(history.rowsOf(commit, name))
                            .as("mutation %s was carried out once", commit)
                            .isEqualTo(1);
                }
            });
            states += Judgement.assertOneHistory(all);
            commits += history.size();
            merges += history.byTheMerge();
            kept += promises.size();
        }
    }

    private int count() {
        return await().ignoreExceptionsInstanceOf(DataAccessException.class)
                .until(
                        () -> new Database(postgres.dataSource())
                                .<Integer>read(tx -> tx.sql("SELECT count(DISTINCT commit) FROM app.chronicle")
                                        .query(Integer.class)
                                        .single()),
                        Objects::nonNull);
    }
}
