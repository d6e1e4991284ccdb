package dev.lockstep.workos.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lockstep.identity.EventId;
import dev.lockstep.workos.Clients;
import dev.lockstep.workos.FakeWorkOs;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.event.EventsApi.Start;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventsApiTest {
    private static final List<String> TYPES = List.of("user.created", "user.deleted");

    private FakeWorkOs workos;
    private WorkOsClient client;
    private EventsApi events;

    @BeforeEach
    void start() throws IOException {
        workos = FakeWorkOs.start();
        client = Clients.open(workos.url());
        events = new EventsApi(client);
    }

    @AfterEach
    void stop() {
        client.close();
        workos.close();
    }

    @Test
    void itAlwaysAsksForTheOldestFirstInFullPages() {
        workos.answers(200, list("", "null")).answers(200, list("", "null")).answers(200, list("", "null"));

        events.page(TYPES, new Start.Oldest());
        events.page(TYPES, new Start.After(new EventId("event_7")));
        events.page(TYPES, new Start.From(Instant.parse("2026-11-21T10:00:00.5Z")));

        String always = "events=user.created%2Cuser.deleted&order=asc&limit=100";
        assertThat(workos.asked())
                .extracting(FakeWorkOs.Asked::query)
                .containsExactly(
                        always, always + "&after=event_7", always + "&range_start=2026-11-21T10%3A00%3A00.500Z");
    }

    @Test
    void theCursorIsTheLastEventSeenThoughWorkOsNamesNoneOnTheLastPage() {
        workos.answers(200, list(event("event_1") + "," + event("event_2"), "null"));

        EventPage page = events.page(TYPES, new Start.Oldest());

        assertThat(page.after()).contains(new EventId("event_2"));
        assertThat(page.more()).isFalse();
        assertThat(page.events()).hasSize(2);
        assertThat(new String(page.events().getFirst().bytes(), StandardCharsets.UTF_8))
                .isEqualTo(event("event_1"));
        assertThat(page.events().getFirst().decoded()).isInstanceOf(UserEvent.class);
    }

    @Test
    void anEmptyPageLeavesTheCursorWhereItIs() {
        workos.answers(200, list("", "\"event_99\""));

        assertThat(events.page(TYPES, new Start.Oldest()).after()).isEmpty();
    }

    @Test
    void aFullPageMeansMoreEvenWhenWorkOsNamesNoCursor() {
        String full = IntStream.range(0, 100).mapToObj(i -> event("event_" + i)).collect(Collectors.joining(","));
        workos.answers(200, list(full, "null"));

        assertThat(events.page(TYPES, new Start.Oldest()).more()).isTrue();
    }

    @Test
    void aPageThatDoesNotMoveTheCursorIsNotAskedForAgainAtOnce() {
        workos.answers(200, list("", "\"event_1\"")).answers(200, list(event("event_1"), "\"event_1\""));
        Start start = new Start.After(new EventId("event_1"));

        assertThat(events.page(TYPES, start).more()).isFalse();
        assertThat(events.page(TYPES, start).more()).isFalse();
    }

    @Test
    void oneBadEventDoesNotStopThePage() {
        String bad =
                "{\"id\":\"event_2\",\"event\":\"user.created\",\"data\":{\"id\":\"u\",\"x\":\"\\u0000\"},\"created_at\":\"2026-11-20T10:00:00Z\"}";
        workos.answers(200, list(event("event_1") + "," + bad + ",7," + event("event_3"), "null"));

        EventPage page = events.page(TYPES, new Start.Oldest());

        assertThat(page.events())
                .extracting(event -> event.decoded() instanceof Malformed)
                .containsExactly(false, true, true, false);
        assertThat(page.after()).contains(new EventId("event_3"));
    }

    @Test
    void anUnreadableLastEventIsPassedByTheCursorOfWorkOs() {
        workos.answers(200, list(event("event_1") + ",{}", "\"event_2\""))
                .answers(200, list(event("event_1") + ",{}", "null"));

        assertThat(events.page(TYPES, new Start.Oldest()).after()).contains(new EventId("event_2"));
        assertThat(events.page(TYPES, new Start.Oldest()).after()).contains(new EventId("event_1"));
    }

    @Test
    void anAnswerThatIsNoListIsNotAnEmptyPage() {
        workos.answers(200, "{}").answers(200, "<html></html>");

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(WorkOsException.class)
                    .isThrownBy(() -> events.page(TYPES, new Start.Oldest()))
                    .withMessageStartingWith("WORKOS_MALFORMED_ANSWER");
        }
    }

    @Test
    void askingForNoTypeIsAMistakeBecauseWorkOsHasNoWayToSayAll() {
        assertThatIllegalArgumentException().isThrownBy(() -> events.page(List.of(), new Start.Oldest()));
        assertThat(EventTypes.recognised())
                .contains("user.deleted", "organization.updated", "organization_membership.created", "session.revoked")
                .contains(
                        "dsync.group.user_added",
                        "flag.rule_updated",
                        "authentication.sso_timed_out",
                        "vault.names.listed")
                .hasSize(111);
    }

    private static String list(String items, String after) {
        return "{\"object\":\"list\",\"data\":[" + items + "],\"list_metadata\":{\"after\":" + after + "}}";
    }

    private static String event(String id) {
        return "{\"object\":\"event\",\"id\":\"" + id
                + "\",\"event\":\"user.created\",\"data\":{\"id\":\"user_1\"},\"created_at\":\"2026-11-20T10:00:00Z\"}";
    }
}
