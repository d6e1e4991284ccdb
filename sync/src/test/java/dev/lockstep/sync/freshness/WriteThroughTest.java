package dev.lockstep.sync.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.freshness.WriteThrough.Written;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsObject;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsUser;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WriteThroughTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final Freshness freshness = new Freshness(database, "test");
    private final WriteThrough writes =
            new WriteThrough(new Snapshots(database, () -> {}), SettableClock.at(Wire.at(50)));

    @BeforeEach
    void beginWithNothing() {
        mirror.clear();
    }

    @Test
    void whoWritesReadsTheirOwnWriteAtOnce() {
        event("event_1", "user.created", "Ada", 10);
        Written<WorkOsUser> written = writes.user(() -> WorkOsUser.from(Wire.user("user_ada", "Augusta", 60)));

        assertThat(written.merged()).isTrue();
        assertThat(firstName()).isEqualTo("Augusta");
        assertThat(freshness.await(written.token().orElseThrow(), Duration.ZERO))
                .isEqualTo(Awaited.REACHED);

        event("event_2", "user.updated", "Ada the older", 40);
        assertThat(firstName()).as("an older event comes late").isEqualTo("Augusta");
        event("event_3", "user.updated", "Augusta Ada", 70);
        assertThat(firstName()).isEqualTo("Augusta Ada");
    }

    @Test
    void organizationsAndMembershipsAreWrittenTheSameWay() {
        var organization =
                writes.organization(() -> WorkOsOrganization.from(Wire.organization("org_acme", "Acme Ltd", 60)));
        var membership = writes.membership(
                () -> WorkOsMembership.from(Wire.membership("m_1", "user_ada", "org_acme", "admin", "active", 60)));
        ReadToken both =
                membership.token().orElseThrow().and(organization.token().orElseThrow());
        assertThat(freshness.await(both, Duration.ZERO)).isEqualTo(Awaited.REACHED);
        assertThat(both.parts()).hasSize(2);
    }

    @Test
    void aMembershipThatWasEndedIsGoneAtOnceAndForGood() {
        writes.membership(
                () -> WorkOsMembership.from(Wire.membership("m_1", "user_ada", "org_acme", "admin", "active", 10)));
        var removed = writes.removal(new MembershipId("m_1"), () -> {});

        assertThat(freshness.await(removed.token().orElseThrow(), Duration.ZERO))
                .isEqualTo(Awaited.REACHED);
        assertThat(mirror.rows("workos.organization_memberships").get("m_1").deleted())
                .isTrue();
        writes.membership(
                () -> WorkOsMembership.from(Wire.membership("m_1", "user_ada", "org_acme", "admin", "active", 90)));
        assertThat(mirror.rows("workos.organization_memberships").get("m_1").deleted())
                .as("late news of it")
                .isTrue();
    }

    @Test
    void anInvitationIsThereWhenItsReplyIs() {
        var sent = writes.invitation(() -> WorkOsObject.from(
                ObjectKind.INVITATION,
                Wire.named("invitation", "invitation_1", "org_acme", "x", 60).put("state", "pending")));

        assertThat(sent.merged()).isTrue();
        assertThat(sent.token()).isEmpty();
        assertThat(mirror.value("SELECT state FROM workos.invitations WHERE id = 'invitation_1'", String.class))
                .isEqualTo("pending");
    }

    @Test
    void aWriteThatCouldNotBeMergedHasHappenedAndItsEventIsWaitedFor() {
        postgres.stop();
        Written<WorkOsUser> written;
        try {
            written = writes.user(() -> WorkOsUser.from(Wire.user("user_ada", "Augusta", 60)));
        } finally {
            postgres.bringBack();
        }
        assertThat(written.merged()).isFalse();
        assertThat(written.reply().firstName()).isEqualTo("Augusta");
        assertThat(freshness.await(written.token().orElseThrow(), Duration.ZERO))
                .isEqualTo(Awaited.TIMED_OUT);

        event("event_1", "user.updated", "Augusta", 60);
        assertThat(freshness.await(written.token().orElseThrow(), Duration.ZERO))
                .isEqualTo(Awaited.REACHED);
    }

    @Test
    void aRefusedWriteComesOutAndLeavesNothing() {
        assertThatThrownBy(() -> writes.user(() -> {
                    throw new WorkOsException(new WorkOsProblem.Refused(422, "invalid"));
                }))
                .isInstanceOf(WorkOsException.class);
        assertThat(mirror.rows("workos.users")).isEmpty();
    }

    private String firstName() {
        return mirror.value("SELECT first_name FROM workos.users WHERE id = 'user_ada'", String.class);
    }

    private void event(String id, String type, String firstName, long at) {
        byte[] event = Wire.event(id, type, Wire.user("user_ada", firstName, at), at);
        database.write(tx ->
                new Projector().apply(tx, List.of(new Projector.Incoming(Wire.decoded(event), Writer.WEBHOOK))));
    }
}
