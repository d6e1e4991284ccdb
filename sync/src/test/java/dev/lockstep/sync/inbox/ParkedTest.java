package dev.lockstep.sync.inbox;

import static dev.lockstep.sync.Wire.event;
import static dev.lockstep.sync.Wire.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.EventId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.event.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator can do about events that failed, and how finished ones are thinned out. */
class ParkedTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final InboxDrain drain =
            new InboxDrain(database, new Projector(), DrainSettings.defaults(), new Random(1), () -> {});
    private final Inbox inbox = new Inbox(database, new EventDecoder(), () -> {});
    private final Parked parked = new Parked(database);
    private final Retention retention = new Retention(database, Retention.Settings.defaults());

    @BeforeEach
    void emptyTables() {
        mirror.clear();
    }

    private Receipt receive(String event, String user) {
        return inbox.receive(event(event, "user.created", user(user, "Ada", 1), 1), Source.WEBHOOK);
    }

    /** Four parked events: two for one reason an hour ago, two for another one now. */
    private void parkFour() {
        for (int i = 1; i <= 4; i++) {
            receive("e" + i, "u" + i);
        }
        mirror.run("UPDATE lockstep.inbox SET state = 'parked', attempts = 8, finished_at = now(),"
                + " reason = CASE WHEN event_id < 'e3' THEN 'SQLSTATE P0001' ELSE 'SQLSTATE 22021' END,"
                + " received_at = CASE WHEN event_id < 'e3' THEN now() - interval '1 hour' ELSE now() END");
    }

    @Test
    void parkedEventsAreChosenByReasonByTypeAndByTime() {
        parkFour();
        Instant halfAnHourAgo = mirror.value("SELECT now() - interval '30 minutes'", java.time.OffsetDateTime.class)
                .toInstant();

        assertThat(keys(Selection.withReason("P0001"))).containsExactly("e1", "e2");
        assertThat(keys(Selection.withReason("%")))
                .as("the words are no pattern")
                .isEmpty();
        assertThat(keys(new Selection(null, "user.created", null, halfAnHourAgo)))
                .containsExactly("e1", "e2");
        assertThat(keys(Selection.received(halfAnHourAgo, halfAnHourAgo.plusSeconds(86_400))))
                .containsExactly("e3", "e4");
        assertThat(keys(new Selection(null, "user.deleted", null, null))).isEmpty();
        assertThat(keys(Selection.all())).hasSize(4);
    }

    @Test
    void replayingByReasonLeavesTheOthersParkedAndDoingItTwiceChangesNothing() {
        parkFour();

        assertThat(parked.replay(Selection.withReason("P0001"), Effects.SILENT)).isEqualTo(2);
        drain.drainOnce();
        String after = mirror.digest();

        assertThat(mirror.rows("workos.users")).containsOnlyKeys("u1", "u2");
        assertThat(parked.replay(Selection.withReason("P0001"), Effects.SILENT)).isZero();
        assertThat(keys(Selection.all())).containsExactly("e3", "e4");
        new Replay(database).start(Replay.Which.FINISHED, Selection.all(), Effects.SILENT);
        assertThat(drain.drainOnce()).isEqualTo(2);
        assertThat(mirror.digest()).isEqualTo(after);
    }

    @Test
    void discardingByReasonKeepsWhatWasSaidAndAReplayDoesNotBringItBack() {
        parkFour();

        assertThat(parked.discard(Selection.withReason("22021"), "sent by a test"))
                .isEqualTo(2);

        assertThat(mirror.value(
                        "SELECT count(*) FROM lockstep.inbox WHERE state = 'ignored'"
                                + " AND reason = 'discarded: sent by a test'",
                        Long.class))
                .isEqualTo(2);
        assertThat(new Replay(database).start(Replay.Which.IGNORED, Selection.all(), Effects.SILENT))
                .isZero();
    }

    @Test
    void aReplayIsByTimeAndSaysWhatItCannotBringBack() {
        parkFour();
        mirror.run("UPDATE lockstep.inbox SET state = 'done'");
        mirror.run("UPDATE lockstep.inbox SET body = '' WHERE event_id = 'e1'");
        Replay replay = new Replay(database);
        Selection anHourAgo = new Selection("P0001", null, null, null);

        assertThat(replay.extent(Replay.Which.DONE, anHourAgo)).isEqualTo(new Replay.Extent(1, 1));
        assertThat(replay.start(Replay.Which.DONE, anHourAgo, Effects.SILENT)).isOne();
        drain.drainOnce();
        assertThat(mirror.rows("workos.users")).containsOnlyKeys("u2");
    }

    @Test
    void aBatchWithPoisonCostsTheOthersNoAttempt() {
        mirror.run("CREATE OR REPLACE FUNCTION workos.poison() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = 'P0001'; END $$");
        mirror.run("CREATE TRIGGER poison BEFORE INSERT OR UPDATE ON workos.users FOR EACH ROW"
                + " WHEN (NEW.id LIKE 'bad%') EXECUTE FUNCTION workos.poison()");
        try {
            for (int i = 0; i < 90; i++) {
                receive("e%02d".formatted(i), (i % 30 == 7 ? "bad" : "u") + i);
            }
            assertThat(drain.drainOnce()).isEqualTo(90);

            assertThat(mirror.value(
                            "SELECT count(*) FROM lockstep.inbox WHERE state = 'done' AND attempts = 1", Long.class))
                    .isEqualTo(87);
            assertThat(mirror.value(
                            "SELECT count(*) FROM lockstep.inbox WHERE state = 'retry' AND attempts = 1", Long.class))
                    .isEqualTo(3);

            mirror.run("UPDATE lockstep.inbox SET next_at = now() - interval '1 s' WHERE state = 'retry'");
            receive("later", "later");
            assertThat(drain.drainOnce()).isEqualTo(4);
            assertThat(mirror.value("SELECT state FROM lockstep.inbox WHERE event_id = 'later'", String.class))
                    .isEqualTo("done");
        } finally {
            mirror.run("DROP TRIGGER poison ON workos.users");
        }
    }

    @Test
    void afterItsTimeAnEventLosesItsBytesAndStillCountsOnce() {
        receive("e1", "u1");
        receive("e2", "u2");
        receive("e3", "u3");
        drain.drainOnce();
        receive("waits", "u4");
        inbox.receive("broken".getBytes(StandardCharsets.UTF_8), Source.WEBHOOK);
        age("e1", 31);
        age("e2", 29);
        age("waits", 400);
        mirror.run("UPDATE lockstep.inbox SET state = 'parked', received_at = now() - interval '500 days'"
                + " WHERE event_type IS NULL");

        assertThat(retention.thinOnce()).isEqualTo(new Retention.Thinned(1, 0, 0));

        assertThat(bytes("e1")).isZero();
        assertThat(bytes("e2")).isPositive();
        assertThat(bytes("waits")).isPositive();
        assertThat(keys(Selection.all())).as("what is parked stays").hasSize(1);
        assertThat(receive("e1", "u1")).isEqualTo(new Receipt.Duplicate(new EventId("e1")));
        assertThat(retention.thinOnce()).isEqualTo(new Retention.Thinned(0, 0, 0));
        assertThat(drain.drainOnce()).as("only the one that waited").isOne();
    }

    @Test
    void muchLaterTheIdGoesTooAndTheEventWouldChangeNothing() {
        receive("e1", "u1");
        drain.drainOnce();
        String before = mirror.digest();
        age("e1", 401);

        assertThat(retention.thinOnce()).isEqualTo(new Retention.Thinned(1, 1, 0));

        assertThat(receive("e1", "u1")).isInstanceOf(Receipt.Stored.class);
        drain.drainOnce();
        assertThat(mirror.digest()).isEqualTo(before);
    }

    @Test
    void moreThanAThousandAreThinnedOutInOneRound() {
        mirror.run("INSERT INTO lockstep.inbox (event_id, source, sha256, body, state, received_at, finished_at)"
                + " SELECT 'e' || i, 'tail', '', 'x', 'done', now() - interval '40 days', now() - interval '40 days'"
                + " FROM generate_series(1, 2500) i");
        mirror.run("INSERT INTO lockstep.outbox (listener, key, type, subject, occurred_at, state, finished_at)"
                + " SELECT 'l', 'k' || i, 't', 's', now(), CASE WHEN i = 1 THEN 'parked' ELSE 'done' END,"
                + " now() - interval '40 days' FROM generate_series(1, 5) i");

        assertThat(retention.thinOnce()).isEqualTo(new Retention.Thinned(2_500, 0, 4));
        assertThat(mirror.value("SELECT key FROM lockstep.outbox", String.class))
                .isEqualTo("k1");
    }

    @Test
    void anIdMustOutliveWhateverCouldBringItsEventAgain() {
        assertThatThrownBy(() -> new Retention.Settings(Duration.ofDays(30), Duration.ofDays(90)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Retention.Settings(Duration.ofHours(1), Duration.ofDays(400)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void age(String event, int days) {
        mirror.run("UPDATE lockstep.inbox SET received_at = now() - interval '" + days + " days',"
                + " finished_at = finished_at - interval '" + days + " days' WHERE event_id = '" + event + "'");
    }

    private int bytes(String event) {
        return mirror.value(
                "SELECT octet_length(body) FROM lockstep.inbox WHERE event_id = '" + event + "'", Integer.class);
    }

    private java.util.List<String> keys(Selection selection) {
        return parked.list(selection, 0, 100).stream()
                .map(event -> event.key().value())
                .toList();
    }
}
