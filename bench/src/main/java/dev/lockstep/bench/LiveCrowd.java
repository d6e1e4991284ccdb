package dev.lockstep.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Many sockets on one node: what each takes of memory; one row that all follow; a row of its own for each while mutations
 * go on; and the crowd's return after the node was killed. The sockets are on this machine too, on one thread. Knobs:
 * sockets, writes (of the hot row, as many again before to warm up), width (characters of its value), rate (mutations a
 * second), seconds (as many again before), storm (0 leaves it out), compression, seed.
 */
final class LiveCrowd implements SocketCrowd.Listener {
    private static final int WINDOW = 250;
    private static final double STORM_FIRST_MILLIS = 1000;
    private static final String MARK = "\"value\":\"";

    private final int sockets;
    private final Random random;
    private final boolean compression;
    private final int width;
    private final List<SocketCrowd.Member> members = new ArrayList<>();
    private final boolean[] current;
    private final long[] sentAt;
    private SocketCrowd crowd;
    private int settled;
    private long frames;
    private String hotValue = "";
    private int hotWrites;
    private int hotArrived;
    private long hotLast;
    private boolean rowsCount;
    private int requests;
    private Latencies effects = new Latencies();
    private Latencies replies = new Latencies();
    private Latencies sinceWritten = new Latencies();
    private final PriorityQueue<Return> returning = new PriorityQueue<>();

    private record Return(long at, SocketCrowd.Member member) implements Comparable<Return> {
        @Override
        public int compareTo(Return other) {
            return Long.compare(at, other.at);
        }
    }

    private LiveCrowd(RoomProcess room, Knobs knobs) throws IOException {
        this.sockets = knobs.get("sockets", 10_000);
        this.random = new Random(knobs.get("seed", 7));
        this.compression = knobs.get("compression", 0) == 1;
        this.width = knobs.get("width", 0);
        this.current = new boolean[sockets];
        this.sentAt = new long[sockets];
        this.crowd = new SocketCrowd(room.port(), compression, this);
    }

    public static void main(String[] args) throws Exception {
        Knobs knobs = new Knobs(args);
        Bench.inFolder(folder -> {
            Bench.machine();
            try (RoomProcess room = room(folder, 0, knobs)) {
                new LiveCrowd(room, knobs).measure(folder, room, knobs);
            }
        });
    }

    private static RoomProcess room(Path folder, int port, Knobs knobs) throws IOException {
        int sockets = knobs.get("sockets", 10_000);
        return RoomProcess.start(folder, port, sockets + 10, sockets, knobs.get("compression", 0) == 1);
    }

    private void measure(Path folder, RoomProcess room, Knobs knobs) throws Exception {
        long heap = room.heap();
        long resident = room.resident();
        long began = System.nanoTime();
        for (int i = 0; i < sockets; i++) {
            SocketCrowd.Member member = new SocketCrowd.Member(i);
            members.add(member);
            crowd.connect(member, hello(member));
            while (i - settled > WINDOW) {
                crowd.turn(1);
            }
        }
        awaitSettled();
        double seconds = (System.nanoTime() - began) / 1e9;
        Bench.say("%d sockets with two queries each, all served after %.1f s", sockets, seconds);
        Bench.say(
                "memory of a socket          %.1f kB of heap, %.1f kB resident%s",
                (room.heap() - heap) / 1024.0 / sockets,
                (room.resident() - resident) / 1024.0 / sockets,
                compression ? ", compressed" : "");
        try (Connection connection = DriverManager.getConnection(room.jdbcUrl(), room.username(), room.password())) {
            hot("one row for all, cold", room, connection, knobs.get("writes", 30));
            hot("one row for all", room, connection, knobs.get("writes", 30));
        }
        own("own rows, cold", room, knobs.get("rate", 1000), knobs.get("seconds", 20));
        own("own rows", room, knobs.get("rate", 1000), knobs.get("seconds", 20));
        if (knobs.get("storm", 1) == 1) {
            storm(folder, room, knobs);
        }
        crowd.close();
    }

    private static String hello(SocketCrowd.Member member) {
        return """
                {"type":"Connect","sessionId":"%s","connectionCount":%d,"lastCloseReason":null,"clientTs":0}
                {"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,\
                "udfPath":"bench:row","args":[{"id":"hot"}]},{"type":"Add","queryId":1,"udfPath":"bench:row",\
                "args":[{"id":"row%d"}]}]}""".formatted(member.session, member.connections++, member.number);
    }

    private void awaitSettled() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (settled < sockets) {
            crowd.turn(1);
            long now = System.nanoTime();
            while (!returning.isEmpty() && returning.peek().at <= now) {
                SocketCrowd.Member member = returning.poll().member;
                crowd.connect(member, hello(member));
            }
            if (now > deadline) {
                throw new IOException(sockets - settled + " sockets were never served");
            }
        }
    }

    /** One row that all follow, written by plain SQL: nobody rings the bell. */
    private void hot(String name, RoomProcess room, Connection connection, int writes)
            throws IOException, SQLException {
        Latencies last = new Latencies();
        CpuTimes before = CpuTimes.now(room.handle());
        long framesBefore = frames;
        long bytesBefore = crowd.received();
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE app.bench SET value = ? WHERE id = 'hot'")) {
            for (int i = 0; i < writes; i++) {
                pause(200);
                hotArrived = 0;
                hotValue = "hot" + hotWrites++;
                update.setString(1, hotValue + words());
                update.executeUpdate();
                long committed = System.nanoTime();
                while (hotArrived < sockets) {
                    crowd.turn(1);
                }
                last.add(hotLast - committed);
            }
        }
        CpuTimes used = CpuTimes.now(room.handle()).since(before);
        int pushed = (int) (frames - framesBefore);
        Bench.say("%-27s last of %d sockets after %s", name, sockets, last);
        Bench.say("  processor time a frame    %s (%d frames)", used.per(pushed), pushed);
        Bench.say("  bytes of a frame          %.0f", (crowd.received() - bytesBefore) / (double) pushed);
    }

    /** Text as people write it, more or less: it folds to about a third. */
    private String words() {
        StringBuilder text = new StringBuilder();
        while (text.length() < width) {
            text.append(' ').append(Integer.toString(random.nextInt(2_000) * 7_919, 36));
        }
        return text.toString();
    }

    private void pause(long millis) throws IOException {
        long until = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < until) {
            crowd.turn(1);
        }
    }

    /** A row of its own for each: mutations at a steady rate from sockets taken at random. */
    private void own(String name, RoomProcess room, int rate, int seconds) throws IOException {
        effects = new Latencies();
        replies = new Latencies();
        sinceWritten = new Latencies();
        CpuTimes before = CpuTimes.now(room.handle());
        rowsCount = true;
        long began = System.nanoTime();
        int all = rate * seconds;
        int sent = 0;
        int skipped = 0;
        while (sent < all) {
            long due = (long) ((System.nanoTime() - began) / 1e9 * rate);
            while (sent < due && sent < all) {
                SocketCrowd.Member member = members.get(random.nextInt(sockets));
                if (sentAt[member.number] == 0) {
                    sentAt[member.number] = System.nanoTime();
                    crowd.send(member, """
                            {"type":"Mutation","requestId":%d,"udfPath":"bench:stamp","args":[{"id":"row%d","value":"%s"}]}""".formatted(requests++, member.number, "own" + sent));
                } else {
                    skipped++;
                }
                sent++;
            }
            crowd.turn(1);
        }
        pause(2000);
        rowsCount = false;
        double took = (System.nanoTime() - began) / 1e9;
        CpuTimes used = CpuTimes.now(room.handle()).since(before);
        Bench.say(
                "%-27s %d mutations/s, %d shown, %d not sent because their socket still waited",
                name, rate, effects.count(), skipped);
        Bench.say("  call to reply             %s", replies);
        Bench.say("  call to shown             %s", effects);
        Bench.say("  just before commit to shown %s", sinceWritten);
        Bench.say("  processor time a mutation %s in %.1f s", used.per(effects.count()), took);
    }

    /** The node is killed and started again on its address; every page comes back as the client library does. */
    private void storm(Path folder, RoomProcess killed, Knobs knobs) throws IOException {
        int port = killed.port();
        settled = 0;
        java.util.Arrays.fill(current, false);
        long began = System.nanoTime();
        killed.kill();
        try (RoomProcess room = start(folder, port, knobs)) {
            double up = (System.nanoTime() - began) / 1e9;
            CpuTimes before = CpuTimes.now(room.handle());
            long ready = System.nanoTime();
            RestProbe probe = new RestProbe(room.port());
            awaitSettled();
            String answers = probe.stop();
            Bench.say(
                    "reconnect storm             node back after %.1f s, all %d sockets current %.1f s later; %s",
                    up,
                    sockets,
                    (System.nanoTime() - ready) / 1e9,
                    CpuTimes.now(room.handle()).since(before).per(sockets));
            Bench.say("  REST calls meanwhile      %s", answers);
        }
    }

    /** The crowd goes on while the node starts. */
    private RoomProcess start(Path folder, int port, Knobs knobs) throws IOException {
        List<RoomProcess> started = new ArrayList<>();
        List<IOException> failed = new ArrayList<>();
        Thread starter = Thread.ofPlatform().start(() -> {
            try {
                started.add(room(folder, port, knobs));
            } catch (IOException e) {
                failed.add(e);
            }
        });
        while (starter.isAlive()) {
            crowd.turn(1);
            LockSupport.parkNanos(100_000);
        }
        if (started.isEmpty()) {
            throw failed.getFirst();
        }
        return started.getFirst();
    }

    @Override
    public void text(SocketCrowd.Member member, String text) {
        long now = System.nanoTime();
        int number = member.number;
        if (text.startsWith("{\"type\":\"MutationResponse\"")) {
            replies.add(now - sentAt[number]);
            return;
        }
        if (!text.startsWith("{\"type\":\"Transition\"")) {
            return;
        }
        frames++;
        if (!current[number]) {
            current[number] = true;
            settled++;
        }
        if (!hotValue.isEmpty() && text.contains(MARK + hotValue + (width == 0 ? '"' : ' '))) {
            hotArrived++;
            hotLast = now;
        }
        if (rowsCount && sentAt[number] != 0 && text.contains(MARK + "own")) {
            effects.add(now - sentAt[number]);
            sinceWritten.add((Stamps.nowMicros() - Stamps.in(text)) * 1000);
            sentAt[number] = 0;
        }
    }

    @Override
    public void ended(SocketCrowd.Member member) {
        // The client's first wait is a second, half of it by chance, doubled by each failure.
        double wait = STORM_FIRST_MILLIS * (0.5 + random.nextDouble());
        returning.add(new Return(System.nanoTime() + (long) (wait * 1e6), member));
    }
}
