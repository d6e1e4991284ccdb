package dev.lockstep.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From a commit to every open page: sockets that follow {@code users:me} of one person, and commits of her bio by plain
 * SQL from another connection, which is the slow way in: nobody rings the bell. One clock, this process's own; the
 * sockets are on this machine too. Knobs: sockets, commits, warmup, seed.
 */
final class LivePush {
    private static final String ENSURE = """
            INSERT INTO app.profiles (account_id, workos_user_id)
            SELECT id, workos_user_id FROM app.accounts WHERE workos_user_id = ? ON CONFLICT DO NOTHING
            """;
    private static final String UPDATE = "UPDATE app.profiles SET bio = ? WHERE workos_user_id = ?";
    private static final Pattern MARK = Pattern.compile("commit-([0-9]+)-mark");

    private final int sockets;
    private final Latencies fromBefore = new Latencies();
    private final Latencies fromAfter = new Latencies();
    private final Latencies slowestSocket = new Latencies();

    /** The commit that is under way; replaced by the committing thread before each. */
    private volatile Arrivals arrivals;

    private LivePush(int sockets) {
        this.sockets = sockets;
        this.arrivals = new Arrivals(-1, 0);
    }

    /** When each socket heard of one commit. */
    private static final class Arrivals {
        private final int commit;
        private final CountDownLatch missing;
        private final List<Long> nanos = new ArrayList<>();

        Arrivals(int commit, int expected) {
            this.commit = commit;
            this.missing = new CountDownLatch(expected);
        }

        synchronized void add(long at) {
            nanos.add(at);
            missing.countDown();
        }

        synchronized List<Long> all() {
            return List.copyOf(nanos);
        }
    }

    public static void main(String[] args) throws Exception {
        Bench.run(args, (demo, knobs) -> new LivePush(knobs.get("sockets", 100)).measure(demo, knobs));
    }

    private void measure(DemoProcess demo, Knobs knobs) throws Exception {
        URI home = demo.address();
        int warmup = knobs.get("warmup", 100);
        int commits = knobs.get("commits", 300);
        Random random = new Random(knobs.get("seed", 7));
        List<LiveSocket> open = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient();
                Connection connection = connect(demo.notes())) {
            Person ada = Person.signIn(http, home, "ada@acme.test");
            String user = ada.userId();
            String token = ada.accessToken();
            execute(connection, ENSURE, user);
            for (int i = 0; i < sockets; i++) {
                open.add(LiveSocket.subscribe(http, home, token, "users:me", this::heard));
            }
            for (int i = 0; i < warmup + commits; i++) {
                LockSupport.parkNanos(30_000_000L + random.nextInt(40_000_000));
                commit(connection, user, i, i >= warmup);
            }
            open.forEach(LiveSocket::close);
        }
        Bench.say("%d sockets, %d commits, all %d pushes arrived", sockets, commits, fromBefore.count());
        Bench.say("from before the commit      %s", fromBefore);
        Bench.say("from the commit's return    %s", fromAfter);
        Bench.say("until the last socket knew  %s", slowestSocket);
    }

    private void commit(Connection connection, String user, int number, boolean counts)
            throws SQLException, InterruptedException {
        Arrivals mine = new Arrivals(number, sockets);
        arrivals = mine;
        long before = System.nanoTime();
        execute(connection, UPDATE, "commit-" + number + "-mark", user);
        long after = System.nanoTime();
        if (!mine.missing.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException(mine.missing.getCount() + " sockets never heard of commit " + number);
        }
        if (counts) {
            long last = before;
            for (long at : mine.all()) {
                fromBefore.add(at - before);
                fromAfter.add(Math.max(0, at - after));
                last = Math.max(last, at);
            }
            slowestSocket.add(last - before);
        }
    }

    private void heard(String message) {
        long at = System.nanoTime();
        Matcher mark = MARK.matcher(message);
        Arrivals current = arrivals;
        if (mark.find() && Integer.parseInt(mark.group(1)) == current.commit) {
            current.add(at);
        }
    }

    private static Connection connect(Properties notes) throws SQLException, IOException {
        return DriverManager.getConnection(
                notes.getProperty("database.url"),
                notes.getProperty("database.username"),
                notes.getProperty("database.password"));
    }

    /** In auto-commit: the return is the commit. */
    private static void execute(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
