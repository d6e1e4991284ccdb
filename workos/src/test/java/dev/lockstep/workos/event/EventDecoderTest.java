package dev.lockstep.workos.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.EventId;
import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.event.Malformed.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {
    private static final String USER = """
            {"object":"user","id":"user_1","email":"ada@acme.test","name":"Ada Osei","first_name":"Ada",
             "last_name":"Osei","email_verified":true,"profile_picture_url":null,"external_id":"x-1",
             "last_sign_in_at":"2026-11-20T09:00:00.000Z","locale":"en","metadata":{"token":"theirs"},
             "created_at":"2026-11-19T00:00:00.000Z","updated_at":"2026-11-20T10:00:00.123Z","shoe_size":44}""";

    private final EventDecoder decoder = new EventDecoder();

    @ParameterizedTest
    @EnumSource(ObjectChange.class)
    void aUserEventKeepsEverythingWorkOsSaid(ObjectChange change) {
        UserEvent event = decodeAs(UserEvent.class, event("user." + lower(change), USER));

        assertThat(event.change()).isEqualTo(change);
        assertThat(event.id()).isEqualTo(new EventId("event_1"));
        assertThat(event.type()).isEqualTo("user." + lower(change));
        assertThat(event.createdAt()).isEqualTo("2026-11-20T10:00:01.456Z");
        assertThat(event.user().id()).isEqualTo(new UserId("user_1"));
        assertThat(event.user().email()).isEqualTo("ada@acme.test");
        assertThat(event.user().firstName()).isEqualTo("Ada");
        assertThat(event.user().emailVerified()).isTrue();
        assertThat(event.user().profilePictureUrl()).isNull();
        assertThat(event.user().lastSignInAt()).isEqualTo("2026-11-20T09:00:00Z");
        assertThat(event.user().updatedAt()).isEqualTo("2026-11-20T10:00:00.123Z");
        assertThat(event.user().raw().get("shoe_size").intValue()).isEqualTo(44);
    }

    @Test
    void anOrganizationMembershipAndSessionEventAreRead() {
        OrganizationEvent organization = decodeAs(OrganizationEvent.class, event("organization.updated", """
                {"id":"org_1","name":"Acme","domains":[{"id":"d1","domain":"acme.test","state":"verified"},7,{}]}"""));
        MembershipEvent membership = decodeAs(MembershipEvent.class, event("organization_membership.created", """
                {"id":"om_1","user_id":"user_1","organization_id":"org_1","status":"active","role":{"slug":"admin"},
                 "roles":[{"slug":"admin"},{"slug":"viewer"},{"slug":""}],"directory_managed":true}"""));
        SessionEvent session = decodeAs(SessionEvent.class, event("session.revoked", """
                {"id":"session_1","user_id":"user_1","auth_method":"password","status":"revoked",
                 "impersonator":{"email":"op@workos.test","reason":"help"}}"""));

        assertThat(organization.organization().id()).isEqualTo(new OrganizationId("org_1"));
        assertThat(organization.organization().domains()).hasSize(1);
        assertThat(membership.membership().id()).isEqualTo(new MembershipId("om_1"));
        assertThat(membership.membership().roles()).containsExactly(new RoleSlug("admin"), new RoleSlug("viewer"));
        assertThat(membership.membership().isActive()).isTrue();
        assertThat(session.kind()).isEqualTo(SessionEvent.Kind.REVOKED);
        assertThat(session.session().id()).isEqualTo(new SessionId("session_1"));
        assertThat(session.session().impersonator().reason()).isEqualTo("help");
    }

    @Test
    void anEventTypeFromTheFutureIsKeptAsUnrecognised() {
        Unrecognised event = decodeAs(Unrecognised.class, event("toaster.exploded", "{\"crumbs\":3}"));

        assertThat(event.type()).isEqualTo("toaster.exploded");
        assertThat(event.data().get("crumbs").intValue()).isEqualTo(3);
    }

    @Test
    void fieldsOfAnotherTypeReadAsAbsent() {
        UserEvent event = decodeAs(UserEvent.class, event("user.updated", """
                {"id":"user_1","email":7,"first_name":{},"email_verified":"yes","updated_at":"yesterday"}"""));

        assertThat(event.user().email()).isNull();
        assertThat(event.user().firstName()).isNull();
        assertThat(event.user().emailVerified()).isFalse();
        assertThat(event.user().updatedAt()).isNull();
    }

    @Test
    void secretsAreTakenOutAndWhatCustomersStoreStays() {
        ObjectEvent event = decodeAs(ObjectEvent.class, event("invitation.created", """
                {"object":"invitation","id":"inv_1","token":"t","accept_invitation_url":"https://x",
                 "nested":[{"verification_token":"v","keep":1}],"metadata":{"token":"theirs"},"code":"kept"}"""));
        UserEvent user = decodeAs(UserEvent.class, event("user.created", USER));
        LoggedEvent magic = decodeAs(
                LoggedEvent.class, event("magic_auth.created", "{\"object\":\"magic_auth\",\"code\":\"123\"}"));

        assertThat(event.data().toString()).doesNotContain("accept_invitation_url", "verification_token");
        assertThat(event.data().has("token")).isFalse();
        assertThat(event.data().get("code").stringValue()).isEqualTo("kept");
        assertThat(event.data().get("metadata").get("token").stringValue()).isEqualTo("theirs");
        assertThat(user.user().raw().get("metadata").get("token").stringValue()).isEqualTo("theirs");
        assertThat(magic.data().has("code")).isFalse();
    }

    @Test
    void nothingThatPrintsAnEventShowsAPerson() {
        assertThat(decode(event("user.created", USER)).toString()).doesNotContain("ada", "Osei");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2023-04-28 20:05:31.093",
                "2023-04-28T20:05:31.093",
                "2023-04-28T20:05:31.093Z",
                "2023-04-28T20:05:31.093000Z",
                "2023-04-28T22:05:31.093+02:00",
                "2023-04-28 22:05:31.093+0200"
            })
    void theTimeIsReadInEveryFormThatWasSeen(String text) {
        WorkOsEvent event = decodeAs(
                WorkOsEvent.class, "{\"id\":\"e\",\"event\":\"x.y\",\"created_at\":\"" + text + "\",\"data\":{}}");

        assertThat(event.createdAt()).isEqualTo(Instant.parse("2023-04-28T20:05:31.093Z"));
    }

    static Stream<Arguments> damage() {
        String deep = "[".repeat(70) + "]".repeat(70);
        return Stream.of(
                Arguments.of("empty", "", Reason.NOT_JSON),
                Arguments.of("a word", "hello", Reason.NOT_JSON),
                Arguments.of("cut", "{\"id\":\"e\"", Reason.NOT_JSON),
                Arguments.of("trailing", event("x.y", "{}") + "{}", Reason.NOT_JSON),
                Arguments.of("duplicate key", event("x.y", "{\"a\":1,\"a\":2}"), Reason.NOT_JSON),
                Arguments.of("NaN", event("x.y", "{\"a\":NaN}"), Reason.NOT_JSON),
                Arguments.of("comment", event("x.y", "{/**/}"), Reason.NOT_JSON),
                Arguments.of("byte order mark", "\uFEFF" + event("x.y", "{}"), Reason.NOT_UTF8),
                Arguments.of("too deep", event("x.y", deep), Reason.OUT_OF_BOUNDS),
                Arguments.of("long number", event("x.y", "{\"a\":" + "9".repeat(1_001) + "}"), Reason.OUT_OF_BOUNDS),
                Arguments.of("huge exponent", event("x.y", "{\"a\":1e999999999}"), Reason.OUT_OF_BOUNDS),
                Arguments.of("exponent beyond numbers", event("x.y", "{\"a\":4e44444444444444}"), Reason.OUT_OF_BOUNDS),
                Arguments.of("tiny exponent", event("x.y", "{\"a\":1e-99999}"), Reason.OUT_OF_BOUNDS),
                Arguments.of("NUL", event("x.y", "{\"a\":\"\\u0000\"}"), Reason.UNSTORABLE_TEXT),
                Arguments.of("NUL in a name", event("x.y", "{\"\\u0000\":1}"), Reason.UNSTORABLE_TEXT),
                Arguments.of("lone high", event("x.y", "[[\"\\ud800\"]]"), Reason.UNSTORABLE_TEXT),
                Arguments.of("lone low", event("x.y", "{\"a\":\"\\udc00x\"}"), Reason.UNSTORABLE_TEXT),
                Arguments.of("array", "[]", Reason.NOT_AN_EVENT),
                Arguments.of("null", "null", Reason.NOT_AN_EVENT),
                Arguments.of("no id", "{\"event\":\"x.y\"}", Reason.NOT_AN_EVENT),
                Arguments.of("id of 10 kB", "{\"id\":\"" + "x".repeat(10_000) + "\"}", Reason.NOT_AN_EVENT),
                Arguments.of("no type", "{\"id\":\"e\"}", Reason.NOT_AN_EVENT),
                Arguments.of("no time", "{\"id\":\"e\",\"event\":\"x.y\"}", Reason.NOT_AN_EVENT),
                Arguments.of("user without id", event("user.created", "{\"email\":\"a\"}"), Reason.UNUSABLE_OBJECT),
                Arguments.of("user is a list", event("user.created", "[]"), Reason.UNUSABLE_OBJECT),
                Arguments.of(
                        "membership without user",
                        event("organization_membership.created", "{\"id\":\"om_1\",\"organization_id\":\"o\"}"),
                        Reason.UNUSABLE_OBJECT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damage")
    void damageIsNamedAndNeverThrown(String name, String body, Reason reason) {
        assertThat(decodeAs(Malformed.class, body).reason()).isEqualTo(reason);
    }

    @Test
    void bytesThatAreNotUtf8AreMalformed() {
        byte[] latin = event("x.y", "{\"a\":\"Zoë\"}").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(((Malformed) decoder.decode(latin)).reason()).isEqualTo(Reason.NOT_UTF8);
    }

    @Test
    void aMalformedObjectStillTellsWhichEventItWas() {
        assertThat(decodeAs(Malformed.class, event("user.created", "{}")).knownId())
                .isEqualTo(new EventId("event_1"));
    }

    @Test
    void aPairOfSurrogatesAndLargeNumbersSurvive() {
        Unrecognised event = decodeAs(
                Unrecognised.class, event("x.y", "{\"a\":\"\\ud83d\\ude80\",\"b\":1.10,\"c\":12345678901234567890}"));

        assertThat(event.data().toString()).isEqualTo("{\"a\":\"🚀\",\"b\":1.10,\"c\":12345678901234567890}");
    }

    @Test
    void randomBytesAndRandomDamageNeverThrow() {
        long seed = 20_261_121;
        Random random = new Random(seed);
        byte[] sound = event("user.created", USER).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = sound.clone();
            for (int hit = 0; hit <= random.nextInt(4); hit++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(decoder.decode(bytes)).as("seed %d, round %d", seed, i).isNotNull();
        }
    }

    private static String lower(ObjectChange change) {
        return change.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String event(String type, String data) {
        return "{\"id\":\"event_1\",\"event\":\"" + type + "\",\"data\":" + data
                + ",\"created_at\":\"2026-11-20T10:00:01.456Z\"}";
    }

    private DecodedEvent decode(String body) {
        return decoder.decode(body.getBytes(StandardCharsets.UTF_8));
    }

    private <T> T decodeAs(Class<T> kind, String body) {
        DecodedEvent decoded = decode(body);
        assertThat(decoded).isInstanceOf(kind);
        return kind.cast(decoded);
    }
}
