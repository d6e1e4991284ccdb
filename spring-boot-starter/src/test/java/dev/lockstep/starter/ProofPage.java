package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.client.LiveClient;
import dev.lockstep.live.client.LiveResult;
import dev.lockstep.live.client.LiveView;
import dev.lockstep.starter.Judgement.Followed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One page and all it has ever shown. */
final class ProofPage {
    /** In place of a second window. */
    private static final long NONE = -1;

    final LiveClient client;
    final Map<Long, String> names = new HashMap<>();
    final Map<Long, String> owners = new HashMap<>();
    final Map<Long, Judgement.Between> ranges = new HashMap<>();
    final Map<Long, String> persons = new HashMap<>();
    final Map<Long, Long> windows = new ConcurrentHashMap<>();
    final long commits;
    final long last;
    final long page;
    final long latest;
    final long people;
    final long owned;
    final List<LiveView> views = new CopyOnWriteArrayList<>();

    ProofPage(LiveClient client, Random random) {
        this.client = client;
        client.watch(views::add);
        commits = follow("chronicle:commits", Map.of());
        latest = follow("chronicle:latest", Map.of());
        last = follow("chronicle:last", Map.of());
        page = follow("chronicle:page", Map.of());
        people = follow("chronicle:people", Map.of());
        owned = follow("chronicle:owned", Map.of());
        int low = random.nextInt(Chronicle.NAMES);
        Judgement.Between range =
                new Judgement.Between("c" + low, "c" + (low + 1 + random.nextInt(Chronicle.NAMES - low)));
        ranges.put(follow("chronicle:between", Map.of("low", range.low(), "high", range.high())), range);
        for (int i = 0; i < 2; i++) {
            String name = "c" + random.nextInt(Chronicle.NAMES);
            names.put(follow("chronicle:get", Map.of("name", name)), name);
        }
        String owner = Chronicle.somebody(random);
        owners.put(follow("chronicle:of", Map.of("owner", owner)), owner);
        String person = Chronicle.somebody(random);
        persons.put(follow("chronicle:person", Map.of("id", person)), person);
    }

    private long follow(String path, Map<String, Object> args) {
        return client.subscribe(path, args, result -> {}).id();
    }

    /** Pages through the things: a window and, unless it holds all, one from where it ends; both followed from then on. */
    void openWindows() {
        CompletableFuture<Long> first = new CompletableFuture<>();
        AtomicBoolean more = new AtomicBoolean();
        first.complete(client.subscribe("chronicle:window", window(null), result -> {
                    if (result instanceof LiveResult.Value shown
                            && shown.value() instanceof Map<?, ?> found
                            && !more.getAndSet(true)) {
                        boolean isAll = Boolean.TRUE.equals(found.get("isDone"));
                        String end = String.valueOf(found.get("continueCursor"));
                        long second = isAll ? NONE : follow("chronicle:window", window(end));
                        first.thenAccept(id -> windows.put(id, second));
                    }
                })
                .id());
    }

    private static Map<String, Object> window(@Nullable String cursor) {
        Map<String, Object> options = new HashMap<>();
        options.put("numItems", (double) Chronicle.ROWS_OF_A_WINDOW);
        options.put("cursor", cursor);
        return Map.of("paginationOpts", options);
    }

    Followed followed() {
        return new Followed(
                commits, names, owners, ranges, last, page, latest, people, persons, owned, Map.copyOf(windows));
    }

    /** When a promise is kept the page shows the commit. */
    void assertShows(String commit) {
        assertThat(String.valueOf(views.getLast().results().get(commits))).contains(commit);
    }

    /** How many commits a view shows; -1 while it shows none. */
    int shown(LiveView view) {
        return view.results().get(commits) instanceof LiveResult.Value value && value.value() instanceof List<?> list
                ? list.size()
                : -1;
    }
}
