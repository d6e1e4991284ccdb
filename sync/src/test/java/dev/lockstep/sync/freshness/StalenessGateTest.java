package dev.lockstep.sync.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.freshness.StalenessGate.Standing;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.testing.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.AbstractDataSource;
import tools.jackson.databind.node.ObjectNode;

class StalenessGateTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final UserId ADA = new UserId("user_ada");
    private static final OrganizationId ACME = new OrganizationId("org_acme");

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final AtomicLong nanos = new AtomicLong();
    /** Set while the database is away for the gate. */
    private final AtomicBoolean away = new AtomicBoolean();

    private final StalenessGate gate = new StalenessGate(new Database(new Breakable()), BOUND, nanos::get);

    private final class Breakable extends AbstractDataSource {
        @Override
        public Connection getConnection() throws SQLException {
            if (away.get()) {
                throw new SQLException("away", "08001");
            }
            return postgres.dataSource().getConnection();
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }
    }

    @BeforeEach
    void beginWithNothing() {
        mirror.clear();
    }

    @Test
    void beforeTheFirstMarkNothingIsProved() {
        assertThat(gate.standing())
                .isInstanceOfSatisfying(
                        Standing.Stale.class, stale -> assertThat(stale.age()).isEmpty());
    }

    @Test
    void aRecentMarkMakesTheMirrorFreshAndTimeMakesItStaleWithoutAnotherLook() {
        mark(20, 20, 0);
        assertThat(gate.standing())
                .isInstanceOfSatisfying(
                        Standing.Fresh.class,
                        fresh -> assertThat(fresh.age()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(35)));

        pass(Duration.ofSeconds(41));
        assertThat(gate.standing()).isInstanceOf(Standing.Stale.class);
    }

    @Test
    void theLaterOfTheTwoClocksCounts() {
        mark(-3_600, 90, 0);
        assertThat(gate.standing())
                .as("WorkOS's clock is an hour ahead")
                .isInstanceOfSatisfying(
                        Standing.Stale.class,
                        stale -> assertThat(stale.age().orElseThrow()).isGreaterThan(BOUND));
    }

    @Test
    void aClockOfTheDatabaseThatIsSetBackMakesNothingFresh() {
        mark(50, 50, 0);
        assertThat(gate.standing()).isInstanceOf(Standing.Fresh.class);
        pass(Duration.ofSeconds(20));
        // What a backwards step looks like from here: the same mark, and suddenly younger.
        mirror.run("UPDATE lockstep.sync_mark SET marked_at = marked_at + interval '45 seconds'");
        assertThat(gate.standing()).isInstanceOf(Standing.Stale.class);
    }

    @Test
    void onlyUnappliedEventsThatCanChangeRightsHoldTheMarkBack() {
        mark(10, 10, 100);
        unapplied("event_1", "'dsync.user.created'", "new");
        unapplied("event_4", "'organization_membership.deleted'", "retry");
        unapplied("event_2", "'session.created'", "new");
        assertThat(gate.standing()).isInstanceOf(Standing.Fresh.class);

        for (String type :
                new String[] {"'organization_membership.deleted'", "'user.deleted'", "'organization.updated'", "NULL"
                }) {
            unapplied("event_3", type, "new");
            pass(Duration.ofSeconds(1));
            assertThat(gate.standing()).as(type).isInstanceOf(Standing.Stale.class);
            mirror.run("UPDATE lockstep.inbox SET state = 'done' WHERE event_id = 'event_3'");
            pass(Duration.ofSeconds(1));
            assertThat(gate.standing()).isInstanceOf(Standing.Fresh.class);
            mirror.run("DELETE FROM lockstep.inbox WHERE event_id = 'event_3'");
        }
    }

    @Test
    void anEventThatFailedMakesThoseItNamesDoubtfulAndNobodyElse() {
        UserId bob = new UserId("user_bob");
        OrganizationId globex = new OrganizationId("org_globex");
        for (String state : List.of("retry", "parked")) {
            mirror.clear();
            mark(10, 10, 100);
            failed("event_1", "organization_membership.deleted", state, membership());
            pass(Duration.ofSeconds(1));
            assertThat(gate.standing(ADA, ACME)).as(state).isInstanceOf(Standing.Stale.class);
            assertThat(gate.standing(ADA, globex)).isInstanceOf(Standing.Fresh.class);
            assertThat(gate.standing(bob, ACME)).isInstanceOf(Standing.Fresh.class);
            assertThat(gate.standing()).isInstanceOf(Standing.Fresh.class);

            failed("event_2", "user.deleted", state, Wire.user("user_bob", "Bob", 1));
            failed("event_3", "organization.deleted", state, Wire.organization("org_globex", "Globex", 1));
            pass(Duration.ofSeconds(1));
            assertThat(gate.standing(bob, ACME)).isInstanceOf(Standing.Stale.class);
            assertThat(gate.standing(ADA, globex)).isInstanceOf(Standing.Stale.class);
            assertThat(gate.standing(new UserId("user_cy"), ACME)).isInstanceOf(Standing.Fresh.class);
        }
    }

    @Test
    void aRowThatHasComePastTheFailedEventIsDoubtfulNoMore() {
        mark(10, 10, 100);
        failed("event_1", "organization_membership.updated", "parked", membership());
        assertThat(gate.standing(ADA, ACME)).isInstanceOf(Standing.Stale.class);

        byte[] later = Wire.event("event_2", "organization_membership.updated", membership(), 2);
        database.write(tx ->
                new Projector().apply(tx, List.of(new Projector.Incoming(Wire.decoded(later), Writer.TAIL))));
        pass(Duration.ofSeconds(1));
        assertThat(gate.standing(ADA, ACME)).isInstanceOf(Standing.Fresh.class);
    }

    @Test
    void whereTooMuchHasFailedEverybodyIsDoubtful() {
        mark(10, 10, 100_000);
        for (int i = 0; i <= Doubts.MOST; i++) {
            failed("event_" + i, "user.updated", "parked", Wire.user("user_" + i, "Eve", 1));
        }
        assertThat(gate.standing(ADA, ACME)).isInstanceOf(Standing.Stale.class);
    }

    @Test
    void anOutageTakesNothingAwayThatWasProvedAndProvesNothing() {
        mark(20, 20, 0);
        assertThat(gate.standing()).isInstanceOf(Standing.Fresh.class);
        away.set(true);
        pass(Duration.ofSeconds(10));
        assertThat(gate.standing()).isInstanceOf(Standing.Fresh.class);
        pass(Duration.ofSeconds(60));
        assertThatThrownBy(gate::standing).isInstanceOf(DataAccessException.class);
        away.set(false);
        mark(1, 1, 0);
        assertThat(gate.standing()).isInstanceOf(Standing.Fresh.class);
    }

    private static ObjectNode membership() {
        return Wire.membership("om_1", "user_ada", "org_acme", "admin", "active", 1);
    }

    private void failed(String id, String type, String state, ObjectNode data) {
        database.write(tx -> tx.sql("INSERT INTO lockstep.inbox (event_id, source, sha256, body, event_type, state)"
                        + " VALUES (:id, 'tail', '', :body, :type, :state)")
                .param("id", id)
                .param("body", Wire.event(id, type, data, 1))
                .param("type", type)
                .param("state", state)
                .update());
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void mark(int throughSecondsAgo, int markedSecondsAgo, long seq) {
        mirror.run("INSERT INTO lockstep.sync_mark (seq, through, marked_at) VALUES (" + seq
                + ", clock_timestamp() - interval '" + throughSecondsAgo + " seconds', clock_timestamp() - interval '"
                + markedSecondsAgo + " seconds')");
    }

    private void unapplied(String id, String type, String state) {
        mirror.run("INSERT INTO lockstep.inbox (seq, event_id, source, sha256, body, event_type, state)"
                + " OVERRIDING SYSTEM VALUE VALUES (" + id.charAt(id.length() - 1) + ", '" + id
                + "', 'tail', '', '', " + type + ", '" + state + "')");
    }
}
