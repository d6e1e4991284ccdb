package dev.lockstep.sync.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.sync.Wire;
import dev.lockstep.sync.projection.Mirror;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.object.WorkOsMembership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RightsGateTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("sync", Migrations::migrate);

    private static final UserId ADA = new UserId("user_ada");
    private static final OrganizationId ACME = new OrganizationId("org_acme");
    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final RoleSlug ADMIN = new RoleSlug("admin");
    private static final RoleSlug MEMBER = new RoleSlug("member");

    private final Database database = new Database(postgres.dataSource());
    private final Mirror mirror = new Mirror(database);
    private final AtomicLong nanos = new AtomicLong();
    private final SettableClock clock = SettableClock.at(Wire.at(60_000));
    private final AtomicInteger asked = new AtomicInteger();
    /** What WorkOS says at present. */
    private MembershipSource workOs = (user, organization) -> List.of();

    @BeforeEach
    void beginWithNothing() {
        mirror.clear();
    }

    @Test
    void aFreshMirrorDecidesAloneAndNobodyIsAsked() {
        fresh();
        workOs = answering(membership("m_1", "admin", "active", 1));
        assertThat(gate(WhenStale.ASK).rights(ADA, ACME)).isEqualTo(new Rights.NoMember(Rights.Basis.MIRROR));

        everybodyIsThere();
        apply("event_3", "organization_membership.created", "member", "active", 3);
        assertThat(gate(WhenStale.ASK).rights(ADA, ACME))
                .isEqualTo(new Rights.Member(Set.of(MEMBER), Rights.Basis.MIRROR));
        assertThat(asked).hasValue(0);
    }

    @Test
    void aStaleMirrorLetsWorkOsDecideAndLearnsTheAnswer() {
        everybodyIsThere();
        apply("event_3", "organization_membership.created", "admin", "active", 3);
        workOs = answering(membership("m_1", "member", "active", 9));

        assertThat(gate(WhenStale.ASK).rights(ADA, ACME))
                .isEqualTo(new Rights.Member(Set.of(MEMBER), Rights.Basis.WORKOS));
        assertThat(new MirroredMemberships(database).roles(ADA, ACME)).contains(Set.of(MEMBER));
    }

    @Test
    void aMemberWhoHasLeftIsOutAlthoughTheStaleMirrorStillKnowsThem() {
        everybodyIsThere();
        apply("event_3", "organization_membership.created", "admin", "active", 3);
        assertThat(gate(WhenStale.ASK).rights(ADA, ACME)).isEqualTo(new Rights.NoMember(Rights.Basis.WORKOS));

        workOs = answering(membership("m_1", "admin", "inactive", 9));
        assertThat(gate(WhenStale.ASK).rights(ADA, ACME)).isEqualTo(new Rights.NoMember(Rights.Basis.WORKOS));
    }

    @Test
    void somebodyWorkOsDoesNotKnowIsNoMember() {
        workOs = refusing(new WorkOsProblem.Refused(404, null));
        assertThat(gate(WhenStale.ASK).rights(ADA, ACME)).isEqualTo(new Rights.NoMember(Rights.Basis.WORKOS));
    }

    @Test
    void aMemberWhoseUserHasNotArrivedYetIsLetInByWorkOs() {
        workOs = answering(membership("m_1", "admin", "active", 9));
        assertThat(gate(WhenStale.ASK).rights(ADA, ACME))
                .isEqualTo(new Rights.Member(Set.of(ADMIN), Rights.Basis.WORKOS));
    }

    @Test
    void whatTheMirrorKnowsToHaveEndedStaysEndedWhateverAnOlderAnswerSays() {
        workOs = answering(membership("m_1", "admin", "active", 9));
        RightsGate gate = gate(WhenStale.ASK);
        assertThat(gate.rights(ADA, ACME)).isInstanceOf(Rights.Member.class);

        apply("event_5", "organization_membership.updated", "member", "active", 70_000);
        assertThat(gate.rights(ADA, ACME))
                .as("the remembered answer says admin, the webhook says member: the smaller right counts")
                .isEqualTo(new Rights.Member(Set.of(), Rights.Basis.WORKOS));
        apply("event_6", "organization_membership.deleted", "member", "active", 80_000);
        assertThat(gate.rights(ADA, ACME)).isEqualTo(new Rights.NoMember(Rights.Basis.WORKOS));
        assertThat(asked).hasValue(1);
    }

    @Test
    void aDeletedUserIsOutEvenIfWorkOsAnswersOtherwise() {
        everybodyIsThere();
        mirror.run("UPDATE workos.users SET deleted_at = clock_timestamp(), deleted_by = 'event_9'");
        workOs = answering(membership("m_1", "admin", "active", 9));
        assertThat(gate(WhenStale.ASK).rights(ADA, ACME)).isEqualTo(new Rights.NoMember(Rights.Basis.WORKOS));
    }

    @Test
    void anAnswerCountsAsLongAsTheBoundAndNoLonger() {
        workOs = answering(membership("m_1", "admin", "active", 9));
        RightsGate gate = gate(WhenStale.ASK);
        gate.rights(ADA, ACME);
        nanos.addAndGet(BOUND.toNanos() - 1);
        gate.rights(ADA, ACME);
        assertThat(asked).hasValue(1);
        nanos.addAndGet(1);
        gate.rights(ADA, ACME);
        assertThat(asked).hasValue(2);
    }

    @Test
    void refusingMeansThatNobodyIsAskedAndNothingIsSaid() {
        everybodyIsThere();
        apply("event_3", "organization_membership.created", "admin", "active", 3);
        RightsGate gate = gate(WhenStale.REFUSE);
        assertThat(gate.rights(ADA, ACME)).isEqualTo(new Rights.Unverifiable(Rights.Reason.MIRROR_STALE));
        assertThat(asked).hasValue(0);
        assertThat(gate.decisions()).isEqualTo(new RightsGate.Decisions(0, 0, 1));

        fresh();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(gate.rights(ADA, ACME)).isEqualTo(new Rights.Member(Set.of(ADMIN), Rights.Basis.MIRROR));
    }

    @Test
    void theMirrorDecidesAtAnyAgeForThoseWhoWantThat() {
        everybodyIsThere();
        apply("event_3", "organization_membership.created", "admin", "active", 3);
        assertThat(gate(WhenStale.MIRROR).rights(ADA, ACME))
                .isEqualTo(new Rights.Member(Set.of(ADMIN), Rights.Basis.MIRROR));
    }

    @Test
    void aSilentWorkOsIsNoVerdictAndIsLeftAloneForAMoment() {
        RightsGate gate = gate(WhenStale.ASK);
        workOs = refusing(new WorkOsProblem.Unavailable(503, 1));
        assertThat(gate.rights(ADA, ACME)).isEqualTo(new Rights.Unverifiable(Rights.Reason.RIGHTS_UNVERIFIABLE));
        assertThat(gate.rights(new UserId("user_bob"), ACME)).isInstanceOf(Rights.Unverifiable.class);
        assertThat(asked).as("the second one did not have to wait for it").hasValue(1);

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        workOs = refusing(new WorkOsProblem.RateLimited(Duration.ofSeconds(7)));
        assertThat(gate.rights(ADA, ACME)).isEqualTo(new Rights.Unverifiable(Rights.Reason.RIGHTS_UNVERIFIABLE));

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        workOs = answering(membership("m_1", "admin", "active", 9));
        assertThat(gate.rights(ADA, ACME)).isInstanceOf(Rights.Member.class);
    }

    @Test
    void aWrongKeyIsNoVerdictOnAnybody() {
        workOs = refusing(new WorkOsProblem.Refused(401, null));
        assertThat(gate(WhenStale.ASK).rights(ADA, ACME)).isInstanceOf(Rights.Unverifiable.class);
    }

    @Test
    void aCrowdThatWantsToKnowTheSameAsksOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        workOs = (user, organization) -> {
            begun.countDown();
            await(answer);
            return List.of(membership("m_1", "admin", "active", 9));
        };
        RightsGate gate = gate(WhenStale.ASK);
        List<Future<Rights>> crowd = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            crowd.add(threads.submit(() -> gate.rights(ADA, ACME)));
            await(begun);
            for (int i = 0; i < 50; i++) {
                crowd.add(threads.submit(() -> gate.rights(ADA, ACME)));
            }
            answer.countDown();
            for (Future<Rights> one : crowd) {
                assertThat(one.get(30, TimeUnit.SECONDS))
                        .isEqualTo(new Rights.Member(Set.of(ADMIN), Rights.Basis.WORKOS));
            }
        }
        assertThat(asked).hasValue(1);
        assertThat(gate.decisions()).isEqualTo(new RightsGate.Decisions(0, 51, 0));
    }

    private RightsGate gate(WhenStale whenStale) {
        MembershipSource counted = (user, organization) -> {
            asked.incrementAndGet();
            return workOs.memberships(user, organization);
        };
        return new RightsGate(
                new StalenessGate(database, BOUND, nanos::get),
                new MirroredMemberships(database),
                new AskedMemberships(counted, new Snapshots(database, () -> {}), BOUND, clock, nanos::get),
                whenStale);
    }

    private void fresh() {
        mirror.run("INSERT INTO lockstep.sync_mark (seq, through) VALUES (1000, clock_timestamp())");
    }

    private void everybodyIsThere() {
        project(Wire.event("event_1", "user.created", Wire.user("user_ada", "Ada", 1), 1));
        project(Wire.event("event_2", "organization.created", Wire.organization("org_acme", "Acme", 2), 2));
    }

    private void apply(String id, String type, String role, String status, long at) {
        project(Wire.event(id, type, Wire.membership("m_1", "user_ada", "org_acme", role, status, at), at));
    }

    private void project(byte[] event) {
        database.write(tx ->
                new Projector().apply(tx, List.of(new Projector.Incoming(Wire.decoded(event), Writer.WEBHOOK))));
    }

    private static WorkOsMembership membership(String id, String role, String status, long at) {
        return WorkOsMembership.from(Wire.membership(id, "user_ada", "org_acme", role, status, at));
    }

    private static MembershipSource answering(WorkOsMembership... memberships) {
        return (user, organization) -> List.of(memberships);
    }

    private static MembershipSource refusing(WorkOsProblem problem) {
        return (user, organization) -> {
            throw new WorkOsException(problem);
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
