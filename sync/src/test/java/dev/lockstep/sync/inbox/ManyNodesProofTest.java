package dev.lockstep.sync.inbox;

import static dev.lockstep.sync.Wire.event;
import static dev.lockstep.sync.Wire.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.event.EventDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several nodes drain one inbox, each with its own pool and workers, while events come in: none is claimed twice. The
 * size can be set: {@code -Dlockstep.nodes.events=200000}.
 */
class ManyNodesProofTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final int EVENTS = Integer.getInteger("lockstep.nodes.events", 4_000);
    private static final long SEED = Long.getLong("lockstep.nodes.seed", 20_261_121L);
    private static final int PAGE = 200;
    private static final DrainSettings SETTINGS =
            new DrainSettings(2, 50, Duration.ofMillis(50), 8, Duration.ofMillis(20), Duration.ofSeconds(1));

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);

    @ParameterizedTest(name = "{0} nodes")
    @ValueSource(ints = {2, 5})
    void severalNodesOnOneInboxClaimNothingTwice(int nodes) {
        mirror.clear();
        mirror.run("DROP TABLE IF EXISTS lockstep.proof_applied CASCADE");
        mirror.run("CREATE TABLE lockstep.proof_applied (seq bigint NOT NULL, backend int NOT NULL)");
        mirror.run("CREATE OR REPLACE FUNCTION lockstep.proof_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " INSERT INTO lockstep.proof_applied VALUES (NEW.seq, pg_backend_pid()); RETURN NULL; END $$");
        mirror.run("CREATE OR REPLACE TRIGGER proof_note AFTER UPDATE OF state ON lockstep.inbox FOR EACH ROW"
                + " WHEN (NEW.state = 'done') EXECUTE FUNCTION lockstep.proof_note()");
        List<AutoCloseable> running = new ArrayList<>();
        try {
            List<InboxDrain> drains = new ArrayList<>();
            for (int n = 0; n < nodes; n++) {
                HikariDataSource pool = pool();
                running.addFirst(pool);
                InboxDrain drain =
                        new InboxDrain(new Database(pool), new Projector(), SETTINGS, new Random(SEED + n), () -> {});
                running.addFirst(drain);
                drains.add(drain);
                drain.start();
            }
            Inbox inbox = new Inbox(database, new EventDecoder(), () -> drains.forEach(InboxDrain::signal));
            fill(inbox);
            while (mirror.value("SELECT count(*) FROM lockstep.inbox WHERE state IN ('new', 'retry')", Long.class)
                    > 0) {
                Thread.onSpinWait();
            }
            assertThat(mirror.value("SELECT count(*) FROM lockstep.proof_applied", Long.class))
                    .isEqualTo(EVENTS);
            assertThat(mirror.value("SELECT count(DISTINCT seq) FROM lockstep.proof_applied", Long.class))
                    .isEqualTo(EVENTS);
            assertThat(mirror.value("SELECT count(*) FROM lockstep.inbox WHERE state = 'done'", Long.class))
                    .isEqualTo(EVENTS);
            System.out.printf(
                    "nodes proof: seed %d, %d nodes, %d events, %d connections took part: 0 claimed twice%n",
                    SEED,
                    nodes,
                    EVENTS,
                    mirror.value("SELECT count(DISTINCT backend) FROM lockstep.proof_applied", Long.class));
        } finally {
            running.forEach(ManyNodesProofTest::close);
            mirror.run("DROP TRIGGER proof_note ON lockstep.inbox");
        }
    }

    /** Many events of few objects, so that the nodes meet at the same rows. */
    private void fill(Inbox inbox) {
        Random random = new Random(SEED);
        for (int from = 0; from < EVENTS; from += PAGE) {
            List<Received> page = new ArrayList<>();
            for (int i = from; i < Math.min(EVENTS, from + PAGE); i++) {
                page.add(new Received(
                        event("e%07d".formatted(i), "user.updated", user("u" + random.nextInt(40), "n" + i, i), i),
                        Source.WEBHOOK));
            }
            database.write(tx -> inbox.receiveAll(tx, page));
            inbox.announce();
        }
    }

    private static void close(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl());
        config.setUsername(postgres.username());
        config.setPassword(postgres.password());
        config.setMaximumPoolSize(3);
        return new HikariDataSource(config);
    }
}
