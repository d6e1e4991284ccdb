package dev.lockstep.sync.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Received;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.event.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.node.ObjectNode;

class UserTrailTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final UserId ADA = new UserId("user_ada");

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final Inbox inbox = new Inbox(database, new EventDecoder(), () -> {});
    private final InboxDrain drain =
            new InboxDrain(database, new Projector(), DrainSettings.defaults(), new Random(1), () -> {});

    private void arrives(String id, String type, ObjectNode data, long at) {
        byte[] event = Wire.event(id, type, data, at);
        database.write(tx -> inbox.receiveAll(tx, List.of(new Received(event, Source.WEBHOOK))));
        drain.drainOnce();
    }

    private UserTrail trail() {
        return database.read(tx -> UserTrail.read(tx, "test", ADA));
    }

    @Test
    void aUserNobodyHeardOfHasNoTrail() {
        UserTrail trail = trail();
        assertThat(trail.row()).isEmpty();
        assertThat(trail.events()).isEmpty();
        assertThat(trail.compared()).isEmpty();
        assertThat(trail.appliedThrough()).isEmpty();
    }

    @Test
    void theirEventsAreFoundWithWhatBecameOfThemAndNobodyElses() {
        arrives("event_1", "user.created", Wire.user("user_ada", "Ada", 10), 10);
        arrives("event_2", "user.created", Wire.user("user_ben", "Ben", 20), 20);
        byte[] damaged = "{\"id\":\"event_3\",\"event\":\"user.updated\",\"data\":{\"id\":\"user_ada\"}}"
                .getBytes(StandardCharsets.UTF_8);
        database.write(tx -> inbox.receiveAll(tx, List.of(new Received(damaged, Source.TAIL))));
        drain.drainOnce();

        UserTrail trail = trail();

        assertThat(trail.row().orElseThrow().event()).isEqualTo("event_1");
        assertThat(trail.row().orElseThrow().by()).isEqualTo("webhook");
        assertThat(trail.events())
                .extracting(UserTrail.Event::id)
                .hasSize(2)
                .last()
                .isEqualTo("event_1");
        assertThat(trail.events()).extracting(UserTrail.Event::state).containsExactly("parked", "done");
        assertThat(trail.events().getFirst().reason()).startsWith("malformed");
    }

    @Test
    void aMembershipWithoutEffectSaysWhyAndItsParentIsAskedFor() {
        arrives("event_1", "user.created", Wire.user("user_ada", "Ada", 10), 10);
        arrives(
                "event_2",
                "organization_membership.created",
                Wire.membership("om_1", "user_ada", "org_late", "member", "active", 20),
                20);
        assertThat(trail().memberships())
                .containsExactly(new UserTrail.Idle("om_1", "org_late", "its organization has not arrived"));

        arrives(
                "event_3",
                "organization_membership.deleted",
                Wire.membership("om_1", "user_ada", "org_late", "member", "active", 20),
                30);
        assertThat(trail().memberships()).containsExactly(new UserTrail.Idle("om_1", "org_late", "ended by event_3"));
    }

    @Test
    void whatEndedTheRowAndWhatTheLastComparisonFoundIsThere() {
        arrives("event_1", "user.created", Wire.user("user_ada", "Ada", 10), 10);
        arrives("event_2", "user.deleted", Wire.user("user_ada", "Ada", 10), 20);
        mirror.run(
                "INSERT INTO lockstep.refetch (kind, key, reason, due_at) VALUES ('user', '[\"user_ada\"]', 'tie', now())");

        UserTrail trail = trail();

        assertThat(trail.row().orElseThrow().deletedBy()).isEqualTo("event_2");
        assertThat(trail.refetches()).extracting(UserTrail.Refetch::reason).containsExactly("tie");
        assertThat(trail.drift()).isEmpty();
    }
}
