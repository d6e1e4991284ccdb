package dev.lockstep.workos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.event.EventPage;
import dev.lockstep.workos.event.EventTypes;
import dev.lockstep.workos.event.EventsApi;
import dev.lockstep.workos.event.EventsApi.Start;
import dev.lockstep.workos.event.MembershipEvent;
import dev.lockstep.workos.event.ObjectChange;
import dev.lockstep.workos.event.RawEvent;
import dev.lockstep.workos.event.SessionEvent;
import dev.lockstep.workos.event.UserEvent;
import dev.lockstep.workos.event.WorkOsEvent;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.object.WorkOsObject;
import dev.lockstep.workos.object.WorkOsOrganization;
import dev.lockstep.workos.object.WorkOsUser;
import dev.lockstep.workos.organization.InvitationsApi;
import dev.lockstep.workos.organization.MembershipsApi;
import dev.lockstep.workos.organization.OrganizationsApi;
import dev.lockstep.workos.user.UserChange;
import dev.lockstep.workos.user.UsersApi;
import dev.lockstep.workos.webhook.WebhookSecret;
import dev.lockstep.workos.webhook.WebhookSignature;
import dev.lockstep.workos.webhook.WebhookVerdict.Verified;
import dev.lockstep.workosdouble.EventRecord;
import dev.lockstep.workosdouble.NewUser;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every call the product makes, against the WorkOS double: both sides must mean the same by it. */
class WorkOsContractTest extends AgainstTheDouble {
    @Test
    void aNameChangedThroughTheApiIsTheNameEverywhere() {
        UsersApi users = new UsersApi(client);

        WorkOsUser changed =
                users.update(ada, UserChange.nothing().firstName("Adaeze").lastName(null));

        assertThat(changed.firstName()).isEqualTo("Adaeze");
        assertThat(changed.lastName()).isNull();
        assertThat(users.find(ada).orElseThrow()).isEqualTo(changed);
        assertThat(allEvents()).last().satisfies(event -> {
            assertThat(((UserEvent) event).change()).isEqualTo(ObjectChange.UPDATED);
            assertThat(((UserEvent) event).user().firstName()).isEqualTo("Adaeze");
        });
    }

    @Test
    void aMemberGetsAnotherRoleAndIsRemoved() {
        MembershipsApi memberships = new MembershipsApi(client);
        WorkOsMembership first = memberships
                .ofUser(ada, MembershipsApi.EVERY_STATUS, null)
                .items()
                .getFirst();

        WorkOsMembership changed = memberships.changeRole(first.id(), new RoleSlug("member"));

        assertThat(changed.roles()).containsExactly(new RoleSlug("member"));
        assertThat(memberships.find(first.id())).contains(changed);
        assertThatThrownBy(() -> memberships.changeRole(first.id(), new RoleSlug("no-such-role")))
                .isInstanceOfSatisfying(
                        WorkOsException.class,
                        refused -> assertThat(refused.problem()).isInstanceOf(WorkOsProblem.Refused.class));
        assertThat(memberships.remove(first.id())).isTrue();
        assertThat(memberships.remove(first.id())).as("already gone").isFalse();
        assertThat(memberships.find(first.id())).isEmpty();
    }

    @Test
    void anInvitationIsSentAndTakenBackAndItsTokenIsNotKept() {
        InvitationsApi invitations = new InvitationsApi(client);

        WorkOsObject sent =
                invitations.send(new InvitationsApi.Invitee("eva@acme.test", acme, new RoleSlug("member"), ada));

        assertThat(sent.raw().path("state").stringValue()).isEqualTo("pending");
        assertThat(sent.raw().path("email").stringValue()).isEqualTo("eva@acme.test");
        assertThat(sent.raw().path("role_slug").stringValue()).isEqualTo("member");
        assertThat(sent.raw().has("token")).isFalse();
        WorkOsObject revoked = invitations.revoke(sent.key().getFirst());
        assertThat(revoked.key()).isEqualTo(sent.key());
        assertThat(revoked.raw().path("state").stringValue()).isEqualTo("revoked");
    }

    @Test
    void whatIsNotThereIsAbsentAndNotAFailure() {
        assertThat(new UsersApi(client).find(new UserId("user_unknown"))).isEmpty();
        assertThat(new OrganizationsApi(client).find(new OrganizationId("org_unknown")))
                .isEmpty();
        assertThat(new MembershipsApi(client).find(new MembershipId("om_unknown")))
                .isEmpty();
    }

    @Test
    void walksFindEverythingOnceAndOldestFirst() {
        List<UserId> expected = new ArrayList<>(List.of(ada));
        for (int i = 0; i < 230; i++) {
            expected.add(workos.createUser(NewUser.named("user" + i + "@acme.test", "User", "No " + i)));
        }
        UsersApi users = new UsersApi(client.at(Priority.BACKFILL));
        List<UserId> walked = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Page<WorkOsUser> page = users.page(cursor.orElse(null));
            page.items().forEach(user -> walked.add(user.id()));
            assertThat(page.unreadable()).isEmpty();
            cursor = page.next();
        } while (cursor.isPresent());

        assertThat(walked).isEqualTo(expected);
        assertThat(new OrganizationsApi(client).page(null).items())
                .extracting(WorkOsOrganization::id)
                .containsExactly(acme);
    }

    @Test
    void membershipsAreListedInEitherScopeAndInTheStatusesAskedFor() {
        MembershipsApi memberships = new MembershipsApi(client);
        workos.deactivateMember(membership);

        assertThat(memberships.ofUser(ada, List.of("active"), null).items()).isEmpty();
        WorkOsMembership found = memberships
                .ofOrganization(acme, MembershipsApi.EVERY_STATUS, null)
                .items()
                .getFirst();
        assertThat(found.id()).isEqualTo(membership);
        assertThat(found.status()).isEqualTo("inactive");
        assertThat(found.roles()).containsExactly(ADMIN);
        assertThat(found.organizationName()).isEqualTo("Acme Robotics");
        assertThat(memberships.ofUser(ada, MembershipsApi.EVERY_STATUS, null).items())
                .containsExactly(found);
    }

    @Test
    void theTailReadsEveryEventOnceInOrderAcrossPages() {
        for (int i = 0; i < 130; i++) {
            workos.renameUser(ada, "Ada " + i, "Osei");
        }
        workos.changeRole(membership, VIEWER);
        workos.revokeSession(workos.signIn(ada, acme).session());
        workos.deleteUser(ada);

        List<WorkOsEvent> read = allEvents();

        assertThat(read)
                .extracting(event -> event.id().value())
                .containsExactlyElementsOf(workos.events().stream()
                        .map(EventRecord::id)
                        .map(Object::toString)
                        .toList());
        assertThat(read).hasSizeGreaterThan(135);
        assertThat(read)
                .filteredOn(MembershipEvent.class::isInstance)
                .extracting(event -> ((MembershipEvent) event).change())
                .containsExactly(ObjectChange.CREATED, ObjectChange.UPDATED, ObjectChange.DELETED);
        assertThat(read)
                .filteredOn(SessionEvent.class::isInstance)
                .extracting(event -> ((SessionEvent) event).kind())
                .containsExactly(SessionEvent.Kind.CREATED, SessionEvent.Kind.REVOKED);
    }

    @Test
    void whatWorkOsHoldsBackIsReadLaterAndNeverSkipped() {
        EventsApi events = new EventsApi(client.at(Priority.TAIL));
        clock.advance(Duration.ofSeconds(10));
        EventPage before = events.page(EventTypes.recognised(), new Start.Oldest());
        Start cursor = new Start.After(before.after().orElseThrow());
        workos.renameUser(ada, "Adaeze", "Osei");

        assertThat(events.page(EventTypes.recognised(), cursor).events()).isEmpty();
        clock.advance(Duration.ofSeconds(10));

        assertThat(events.page(EventTypes.recognised(), cursor).events()).hasSize(1);
        assertThat(events.page(
                                EventTypes.recognised(),
                                new Start.From(clock.instant().minusSeconds(15)))
                        .events())
                .hasSize(1);
    }

    @Test
    void aWebhookOfTheDoubleIsVerifiedAndMeansWhatTheEventsApiSays() throws IOException {
        try (FakeWorkOs receiver = FakeWorkOs.start()) {
            receiver.answers(200, "{}");
            workos.deliverWebhooksTo(URI.create(receiver.url() + "/hook"));
            workos.renameUser(ada, "Zoë", "東京 🚀");
            await().until(() -> !receiver.asked().isEmpty());
            FakeWorkOs.Asked hook = receiver.asked().getFirst();
            byte[] body = hook.body().getBytes(StandardCharsets.UTF_8);

            WebhookSignature signature =
                    new WebhookSignature(List.of(new WebhookSecret(workos.webhookSecret())), clock);
            assertThat(signature.verify(body, List.of(hook.headers().get("Workos-signature"))))
                    .isInstanceOf(Verified.class);
            UserEvent event = (UserEvent) new EventDecoder().decode(body);
            assertThat(event.user().firstName()).isEqualTo("Zoë");
            assertThat(allEvents()).last().isEqualTo(event);
        }
    }

    private List<WorkOsEvent> allEvents() {
        clock.advance(Duration.ofSeconds(10));
        EventsApi events = new EventsApi(client.at(Priority.TAIL));
        List<WorkOsEvent> read = new ArrayList<>();
        Start start = new Start.Oldest();
        EventPage page;
        do {
            page = events.page(EventTypes.recognised(), start);
            page.events().stream().map(RawEvent::decoded).forEach(event -> read.add((WorkOsEvent) event));
            start = page.after().<Start>map(Start.After::new).orElse(start);
        } while (page.more());
        return read;
    }
}
