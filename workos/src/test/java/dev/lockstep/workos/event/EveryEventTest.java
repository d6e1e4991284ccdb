package dev.lockstep.workos.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.workos.object.ObjectKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type of event has a place. */
class EveryEventTest {
    private static final String PAYLOAD = """
            {"id":"x","slug":"s","user_id":"u","organization_id":"o","group_id":"g","organization_membership_id":"m",
             "user":{"id":"du"},"group":{"id":"dg"},"updated_at":"2026-11-20T10:00:00Z","unheard_of":{"a":[1]}}""";

    static Stream<String> types() {
        return EventTypes.recognised().stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyKnownTypeIsReadAndKeepsFieldsNobodyKnows(String type) {
        WorkOsEvent event = decode(type, PAYLOAD);

        assertThat(event).isNotInstanceOf(Unrecognised.class);
        assertThat(event.data().get("unheard_of").toString()).isEqualTo("{\"a\":[1]}");
    }

    @ParameterizedTest
    @CsvSource({
        "dsync.activated,                         DIRECTORY,             CREATED, x",
        "dsync.deleted,                           DIRECTORY,             DELETED, x",
        "dsync.group.user_added,                  DIRECTORY_GROUP_MEMBER,CREATED, dg/du",
        "dsync.group.user_removed,                DIRECTORY_GROUP_MEMBER,DELETED, dg/du",
        "group.member_removed,                    GROUP_MEMBER,          DELETED, g/m",
        "organization_role.updated,               ORGANIZATION_ROLE,     UPDATED, o/s",
        "permission.deleted,                      PERMISSION,            DELETED, s",
        "invitation.revoked,                      INVITATION,            UPDATED, x",
        "connection.deactivated,                  CONNECTION,            UPDATED, x",
        "flag.rule_updated,                       FEATURE_FLAG,          UPDATED, x",
        "api_key.revoked,                         API_KEY,               DELETED, x",
        "organization_domain.verification_failed, ORGANIZATION_DOMAIN,   UPDATED, x"
    })
    void anObjectEventSaysWhatHappenedToWhat(String type, ObjectKind kind, ObjectChange change, String key) {
        assertThat(decode(type, PAYLOAD)).isInstanceOfSatisfying(ObjectEvent.class, event -> {
            assertThat(event.change()).isEqualTo(change);
            assertThat(event.object().kind()).isEqualTo(kind);
            assertThat(String.join("/", event.object().key())).isEqualTo(key);
        });
    }

    @Test
    void aFailedVerificationIsReadFromInsideItsReason() {
        WorkOsEvent event = decode(
                "organization_domain.verification_failed",
                "{\"reason\":\"timeout\",\"organization_domain\":{\"id\":\"dom\",\"verification_token\":\"t\"}}");

        assertThat(((ObjectEvent) event).object().key()).isEqualTo(List.of("dom"));
        assertThat(((ObjectEvent) event).object().raw().has("verification_token"))
                .isFalse();
    }

    @Test
    void anObjectWithoutItsKeyIsMalformedAndNothingWorse() {
        assertThat(new EventDecoder().decode(bytes("dsync.user.created", "{\"email\":\"a@acme.test\"}")))
                .isInstanceOf(Malformed.class);
    }

    private static WorkOsEvent decode(String type, String data) {
        return (WorkOsEvent) new EventDecoder().decode(bytes(type, data));
    }

    private static byte[] bytes(String type, String data) {
        return ("{\"id\":\"event_1\",\"event\":\"" + type + "\",\"created_at\":\"2026-11-20T10:00:01.456Z\",\"data\":"
                        + data + "}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
