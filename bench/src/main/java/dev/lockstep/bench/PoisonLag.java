package dev.lockstep.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.embedded.EmbeddedPostgres;
import dev.lockstep.embedded.EmbeddedPostgresSettings;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Received;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.workos.event.EventDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How long events wait between inbox and mirror while one of a hundred fails, next to the same load without any that
 * fails, in turns. Poison is an event that the database refuses each time it is tried. Knobs: rate (events a second),
 * seconds (of each turn), rounds.
 */
final class PoisonLag {
    private static final int PEOPLE = 500;
    private static final int PULSES = 50;
    private static final String REFUSE = """
            CREATE FUNCTION workos.bench_refuse() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = 'P0001'; END $$;
            CREATE TRIGGER bench_refuse BEFORE INSERT OR UPDATE ON workos.users FOR EACH ROW
              WHEN (NEW.id LIKE 'user_poison%') EXECUTE FUNCTION workos.bench_refuse();
            """;
    private static final String WAITS = """
            SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (
              ORDER BY extract(epoch FROM finished_at - received_at) * 1000)
            FROM lockstep.inbox WHERE state = 'done' AND event_id LIKE :turn
            """;
    private static final String OPEN = """
            SELECT count(*) FROM lockstep.inbox WHERE state = 'new' AND event_id LIKE :turn
            """;

    private final Database database;
    private final Inbox inbox;
    private final Instant base = InstantSource.system().instant();
    private long number;

    private PoisonLag(Database database, Inbox inbox) {
        this.database = database;
        this.inbox = inbox;
    }

    /** The median and the 99th percentile of a turn, in milliseconds. */
    private record Waits(double median, double p99) {}

    public static void main(String[] args) throws Exception {
        Knobs knobs = new Knobs(args);
        Path home = Files.createTempDirectory("lockstep-poison");
        Bench.machine();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(
                        EmbeddedPostgresSettings.in(home.resolve("binaries"), home.resolve("data")));
                HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(postgres.jdbcUrl());
            pool.setUsername(postgres.username());
            pool.setPassword(postgres.password());
            Migrations.requireDurable(pool);
            Migrations.migrate(pool);
            Database database = new Database(pool);
            database.write(tx -> tx.sql(REFUSE).update());
            try (InboxDrain drain =
                    new InboxDrain(database, new Projector(), DrainSettings.defaults(), new SecureRandom(), () -> {})) {
                drain.start();
                new PoisonLag(database, new Inbox(database, new EventDecoder(), drain::signal)).measure(knobs);
            }
        } finally {
            Bench.delete(home);
        }
    }

    private void measure(Knobs knobs) {
        int rate = knobs.get("rate", 1_000);
        int seconds = knobs.get("seconds", 20);
        turn("warm", rate, 5, true);
        List<Waits> clean = new ArrayList<>();
        List<Waits> poisoned = new ArrayList<>();
        for (int round = 0; round < knobs.get("rounds", 3); round++) {
            clean.add(turn("clean" + round, rate, seconds, false));
            poisoned.add(turn("poison" + round, rate, seconds, true));
        }
        Bench.say("%,d events a second, %d s a turn, %d turns each", rate, seconds, clean.size());
        say("clean", clean);
        say("1 in 100 poison", poisoned);
        Bench.say("p99 of the others with poison is %.2f times that without", p99(poisoned) / p99(clean));
    }

    private static void say(String name, List<Waits> turns) {
        for (Waits waits : turns) {
            Bench.say("%-16s p50 %.1f ms, p99 %.1f ms", name, waits.median(), waits.p99());
        }
    }

    /** The middle one of the turns. */
    private static double p99(List<Waits> turns) {
        return turns.stream().mapToDouble(Waits::p99).sorted().toArray()[turns.size() / 2];
    }

    private Waits turn(String name, int rate, int seconds, boolean poison) {
        long began = System.nanoTime();
        int perPulse = Math.max(1, rate / PULSES);
        for (int pulse = 0; pulse < seconds * PULSES; pulse++) {
            List<Received> events = new ArrayList<>(perPulse);
            for (int i = 0; i < perPulse; i++) {
                events.add(new Received(event(name, poison && number % 100 == 0), Source.WEBHOOK));
                number++;
            }
            database.write(tx -> inbox.receiveAll(tx, events));
            inbox.announce();
            long due = began + (pulse + 1L) * 1_000_000_000L / PULSES;
            LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
        }
        while (database.<Long>read(tx -> tx.sql(OPEN)
                        .param("turn", name + "-%")
                        .query(Long.class)
                        .single())
                > 0) {
            LockSupport.parkNanos(20_000_000);
        }
        Waits waits = database.read(tx -> tx.sql(WAITS)
                .param("turn", name + "-%")
                .query((row, n) -> {
                    Double[] values = (Double[]) row.getArray(1).getArray();
                    return new Waits(values[0], values[1]);
                })
                .single());
        database.write(tx -> tx.sql("UPDATE lockstep.inbox SET state = 'parked' WHERE state = 'retry'")
                .update());
        return waits;
    }

    private byte[] event(String turn, boolean poison) {
        String user = poison ? "user_poison" + number : "user_bench" + number % PEOPLE;
        Instant at = base.plusMillis(number);
        return """
                {"id":"%s-%09d","event":"user.updated","created_at":"%s","data":{"object":"user","id":"%s",\
                "email":"bench@bench.test","email_verified":true,"first_name":"Bench","last_name":"Number %d",\
                "metadata":{},"created_at":"%s","updated_at":"%s"}}""".formatted(turn, number, at, user, number, base, at).getBytes(UTF_8);
    }
}
