package dev.lockstep.workos.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lockstep.testing.SettableClock;
import dev.lockstep.workos.webhook.WebhookVerdict.Reason;
import dev.lockstep.workos.webhook.WebhookVerdict.Rejected;
import dev.lockstep.workos.webhook.WebhookVerdict.Verified;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
    private static final long T = 1_763_683_200_000L;
    private static final String SECRET = "whsec_lockstep_vector_1";
    private static final String OLD = "whsec_lockstep_before";
    private static final String BODY =
            "{\"id\":\"event_01HZZZ0000000000000000000A\",\"event\":\"user.created\",\"data\":"
                    + "{\"object\":\"user\",\"id\":\"user_01HZZZ0000000000000000000A\",\"email\":\"a@example.com\","
                    + "\"updated_at\":\"2025-11-21T00:00:00.000Z\"},\"created_at\":\"2025-11-21T00:00:00.000Z\"}";
    private static final String GOOD = Signed.hex(SECRET, String.valueOf(T), BODY);

    private final SettableClock clock = SettableClock.at(Instant.ofEpochMilli(T));
    private final WebhookSignature signature = new WebhookSignature(List.of(new WebhookSecret(SECRET)), clock);

    @Test
    void aSignatureMadeByTheGenuinePackageIsAccepted() {
        String header = "t=1763683200000, v1=4934b241043eaffc74cfddd7c949a296ad869c9a8c8b07e548eb77a6a0562b5c";

        assertThat(verify(BODY, header)).isEqualTo(new Verified(Instant.ofEpochMilli(T)));
    }

    @ParameterizedTest
    @ValueSource(longs = {-180_000, -179_000, 0, 179_000, 180_000})
    void aTimeWithinTheToleranceIsAccepted(long age) {
        clock.set(Instant.ofEpochMilli(T + age));

        assertThat(verify(BODY, header(GOOD))).isInstanceOf(Verified.class);
    }

    @Test
    void aTimeOutsideTheToleranceIsRejectedBothWays() {
        clock.set(Instant.ofEpochMilli(T + 180_001));
        assertThat(verify(BODY, header(GOOD))).isEqualTo(new Rejected(Reason.TOO_OLD));

        clock.set(Instant.ofEpochMilli(T - 180_001));
        assertThat(verify(BODY, header(GOOD))).isEqualTo(new Rejected(Reason.IN_THE_FUTURE));
    }

    @Test
    void theToleranceCanBeWidened() {
        WebhookSignature patient = new WebhookSignature(List.of(new WebhookSecret(SECRET)), Duration.ofHours(1), clock);
        clock.set(Instant.ofEpochMilli(T).plus(Duration.ofMinutes(59)));

        assertThat(patient.verify(bytes(BODY), List.of(header(GOOD)))).isInstanceOf(Verified.class);
    }

    @Test
    void aTimeInSecondsIsRejectedThoughItsSignatureIsRight() {
        long seconds = T / 1000;

        assertThat(verify(BODY, Signed.header(SECRET, seconds, BODY))).isEqualTo(new Rejected(Reason.TOO_OLD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"whsec_abc", "wh_secret_abc", "no-prefix-at-all", "sk_test_x", "5f2b9c"})
    void aSecretOfWhateverPrefixIsTakenAsItStands(String secret) {
        WebhookSignature any = new WebhookSignature(List.of(new WebhookSecret(secret)), clock);

        assertThat(any.verify(bytes(BODY), List.of(Signed.header(secret, T, BODY))))
                .isInstanceOf(Verified.class);
        assertThat(any.verify(bytes(BODY), List.of(header(GOOD)))).isEqualTo(new Rejected(Reason.NO_MATCH));
    }

    static Stream<Arguments> correctlySignedButMalformed() {
        return Stream.of(
                Arguments.of("no time", "v1=" + GOOD),
                Arguments.of("no signature", "t=" + T),
                Arguments.of("time is no number", "t=abc, v1=" + Signed.hex(SECRET, "abc", BODY)),
                Arguments.of("time is empty", "t=, v1=" + Signed.hex(SECRET, "", BODY)),
                Arguments.of("time is negative", "t=-" + T + ", v1=" + Signed.hex(SECRET, "-" + T, BODY)),
                Arguments.of("time is endless", "t=" + T + "000, v1=" + Signed.hex(SECRET, T + "000", BODY)),
                Arguments.of("time has other digits", "t=١, v1=" + Signed.hex(SECRET, "١", BODY)),
                Arguments.of("other keys", "x=" + T + ", y=" + GOOD),
                Arguments.of("only another scheme", "t=" + T + ", v0=" + GOOD),
                Arguments.of("positional", T + "," + GOOD),
                Arguments.of("time twice", "t=" + T + ", t=" + T + ", v1=" + GOOD),
                Arguments.of("truncated signature", "t=" + T + ", v1=" + GOOD.substring(1)),
                Arguments.of("signature is no hex", "t=" + T + ", v1=" + "g".repeat(64)),
                Arguments.of("six signatures", "t=" + T + (", v1=" + GOOD).repeat(6)),
                Arguments.of("trailing comma", "t=" + T + ", v1=" + GOOD + ","),
                Arguments.of("upper-case key", "T=" + T + ", V1=" + GOOD),
                Arguments.of("far too long", "t=" + T + ", v1=" + GOOD + ", x=" + "1".repeat(2_000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("correctlySignedButMalformed")
    void aHeaderThatBreaksTheGrammarIsRejected(String name, String header) {
        assertThat(verify(BODY, header)).isEqualTo(new Rejected(Reason.HEADER_MALFORMED));
    }

    static Stream<Arguments> unusualButRight() {
        String wrong = "0".repeat(64);
        return Stream.of(
                Arguments.of("signature first", "v1=" + GOOD + ", t=" + T),
                Arguments.of("no blank", "t=" + T + ",v1=" + GOOD),
                Arguments.of("upper-case hex", "t=" + T + ", v1=" + GOOD.toUpperCase(Locale.ROOT)),
                Arguments.of("second of two is right", "t=" + T + ", v1=" + wrong + ", v1=" + GOOD),
                Arguments.of("first of two is right", "t=" + T + ", v1=" + GOOD + ", v1=" + wrong),
                Arguments.of("fifth of five is right", "t=" + T + (", v1=" + wrong).repeat(4) + ", v1=" + GOOD),
                Arguments.of("an unknown scheme besides", "t=" + T + ", v2=whatever, v1=" + GOOD));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusualButRight")
    void anUnusualHeaderThatIsRightIsAccepted(String name, String header) {
        assertThat(verify(BODY, header)).isInstanceOf(Verified.class);
    }

    @Test
    void aMissingEmptyOrRepeatedHeaderIsRejected() {
        byte[] body = bytes(BODY);

        assertThat(signature.verify(body, List.of())).isEqualTo(new Rejected(Reason.HEADER_MISSING));
        assertThat(signature.verify(body, List.of("  "))).isEqualTo(new Rejected(Reason.HEADER_MISSING));
        assertThat(signature.verify(body, List.of(header(GOOD), header(GOOD))))
                .isEqualTo(new Rejected(Reason.HEADER_REPEATED));
    }

    @Test
    void anotherSecretIsRejected() {
        assertThat(verify(BODY, Signed.header("whsec_other", T, BODY))).isEqualTo(new Rejected(Reason.NO_MATCH));
        assertThat(verify(BODY, Signed.header("lockstep_vector_1", T, BODY)))
                .as("the prefix is part of the secret")
                .isEqualTo(new Rejected(Reason.NO_MATCH));
    }

    @Test
    void duringARotationOldAndNewSecretAreAcceptedAndTheOldOneIsRefusedAfterIt() {
        String signedByOld = Signed.header(OLD, T, BODY);
        WebhookSignature rotating =
                new WebhookSignature(List.of(new WebhookSecret(SECRET), new WebhookSecret(OLD)), clock);

        assertThat(rotating.verify(bytes(BODY), List.of(header(GOOD)))).isInstanceOf(Verified.class);
        assertThat(rotating.verify(bytes(BODY), List.of(signedByOld))).isInstanceOf(Verified.class);
        assertThat(verify(BODY, signedByOld)).isEqualTo(new Rejected(Reason.NO_MATCH));
    }

    static Stream<Arguments> changedBodies() {
        return Stream.of(
                Arguments.of("one bit", BODY.replace("user.created", "user.creatdd")),
                Arguments.of("a blank more", BODY.replace("\",\"event\"", "\", \"event\"")),
                Arguments.of("an escape for a letter", BODY.replace("@", "\\u0040")),
                Arguments.of("a byte order mark", "\uFEFF" + BODY),
                Arguments.of("a newline at the end", BODY + "\n"),
                Arguments.of("nothing", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changedBodies")
    void aChangedBodyIsRejected(String name, String body) {
        assertThat(verify(body, header(GOOD))).isEqualTo(new Rejected(Reason.NO_MATCH));
    }

    @Test
    void bytesThatAreNoTextAreSignedAsTheyAre() {
        byte[] body = {(byte) 0xC3, (byte) 0x28, 0, (byte) 0xFF};

        assertThat(signature.verify(body, List.of(header(GOOD)))).isEqualTo(new Rejected(Reason.NO_MATCH));
    }

    @Test
    void aVerifierWithoutASecretOrToleranceCannotBeMade() {
        List<WebhookSecret> secrets = List.of(new WebhookSecret(SECRET));

        assertThatIllegalArgumentException().isThrownBy(() -> new WebhookSignature(List.of(), clock));
        assertThatIllegalArgumentException().isThrownBy(() -> new WebhookSignature(secrets, Duration.ZERO, clock));
        assertThatIllegalArgumentException().isThrownBy(() -> new WebhookSecret(" "));
    }

    @Test
    void aSecretPrintsAsNothing() {
        assertThat(new WebhookSecret(SECRET)).hasToString("WebhookSecret[redacted]");
    }

    private static String header(String hex) {
        return "t=" + T + ", v1=" + hex;
    }

    private WebhookVerdict verify(String body, String header) {
        return signature.verify(bytes(body), List.of(header));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
