package dev.lockstep.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.OpenOutcome;
import dev.lockstep.session.sealing.SealOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.sealing.UserJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The walk from one cookie password to the next. */
class KeyRotationTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String OLD = "the-old-cookie-password-of-32-characters";
    private static final String NEW = "the-new-cookie-password-of-32-characters";
    private static final List<String> BEGIN =
            List.of("# ours", "PORT=3000", "WORKOS_COOKIE_PASSWORD=" + OLD, "LOG_LEVEL=info");

    @Test
    void theThreeStepsChangeNothingElseAndEndWithTheNewPasswordAlone() {
        List<String> learnt = change(BEGIN, NOW, 1);
        List<String> sealing = change(learnt, NOW, 2);
        assertThat(KeyRotation.next(sealing, "unused", NOW.plus(Duration.ofDays(6)), false))
                .isEqualTo(new KeyRotation.Wait(NOW.plus(Duration.ofDays(7))));
        List<String> done = change(sealing, NOW.plus(Duration.ofDays(7)), 3);
        assertThat(done).containsExactly("# ours", "PORT=3000", "WORKOS_COOKIE_PASSWORD=" + NEW, "LOG_LEVEL=info");
    }

    @Test
    void atNoMomentOfARollingRestartDoesANodeMeetACookieItCannotOpen() {
        List<List<String>> stages = new ArrayList<>(List.of(BEGIN));
        stages.add(change(BEGIN, NOW, 1));
        stages.add(change(stages.get(1), NOW, 2));
        for (int i = 0; i + 1 < stages.size(); i++) {
            SessionSealer before = node(stages.get(i));
            SessionSealer after = node(stages.get(i + 1));
            assertThat(after.open(cookie(before))).isInstanceOf(OpenOutcome.Opened.class);
            assertThat(before.open(cookie(after))).isInstanceOf(OpenOutcome.Opened.class);
        }
        SessionSealer last = node(change(stages.get(2), NOW.plus(Duration.ofDays(7)), 3));
        assertThat(last.open(cookie(node(stages.get(2))))).isInstanceOf(OpenOutcome.Opened.class);
        assertThat(last.open(cookie(node(BEGIN)))).isInstanceOf(OpenOutcome.Unreadable.class);
    }

    @Test
    void theLifeOfACookieIsReadFromTheFileAndWhoeverHurriesNeedNotWait() {
        List<String> begin = new ArrayList<>(BEGIN);
        begin.add("WORKOS_COOKIE_MAX_AGE=3600");
        List<String> sealing = change(change(begin, NOW, 1), NOW, 2);
        assertThat(KeyRotation.next(sealing, "unused", NOW, false))
                .isEqualTo(new KeyRotation.Wait(NOW.plus(Duration.ofHours(1))));
        assertThat(KeyRotation.next(sealing, "unused", NOW, true)).isInstanceOf(KeyRotation.Change.class);
    }

    @Test
    void aFileWithoutAPasswordOrWithTwoChangesAtOnceIsLeftAlone() {
        assertThat(KeyRotation.next(List.of("PORT=3000", "#WORKOS_COOKIE_PASSWORD=x"), NEW, NOW, false))
                .isInstanceOf(KeyRotation.Impossible.class);
        assertThat(KeyRotation.next(
                        List.of(
                                "WORKOS_COOKIE_PASSWORD=a",
                                "WORKOS_COOKIE_PASSWORD_NEXT=b",
                                "WORKOS_COOKIE_PASSWORD_PREVIOUS=c"),
                        NEW,
                        NOW,
                        false))
                .isInstanceOf(KeyRotation.Impossible.class);
    }

    @Test
    void theCommandWritesTheFileForItsOwnerOnlyAndMakesAPasswordLongEnough(@TempDir Path folder) throws IOException {
        Path file = folder.resolve(".env");
        Files.write(file, BEGIN);
        assertThat(LockstepCommand.run("keys", "rotate", "--file", file.toString()))
                .isZero();
        List<String> learnt = Files.readAllLines(file);
        assertThat(learnt).hasSize(BEGIN.size() + 1);
        String fresh = learnt.stream()
                .filter(line -> line.startsWith("WORKOS_COOKIE_PASSWORD_NEXT="))
                .findFirst()
                .orElseThrow();
        assertThat(fresh.substring(fresh.indexOf('=') + 1)).hasSizeGreaterThan(40);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(LockstepCommand.run("keys", "rotate", "--file", file.toString()))
                .isZero();
        assertThat(LockstepCommand.run("keys", "rotate", "--file", file.toString()))
                .isEqualTo(1);
        assertThat(LockstepCommand.run("keys", "rotate", "--now", "--file", file.toString()))
                .isZero();
        assertThat(Files.readAllLines(file)).hasSize(BEGIN.size()).doesNotContain("WORKOS_COOKIE_PASSWORD=" + OLD);
        assertThat(LockstepCommand.run(
                        "keys", "rotate", "--file", folder.resolve("none").toString()))
                .isEqualTo(1);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    private static List<String> change(List<String> lines, Instant now, int number) {
        KeyRotation.Step step = KeyRotation.next(lines, NEW, now, false);
        assertThat(step).isInstanceOf(KeyRotation.Change.class);
        KeyRotation.Change change = (KeyRotation.Change) step;
        assertThat(change.number()).isEqualTo(number);
        assertThat(change.say()).doesNotContain(OLD, NEW);
        return change.lines();
    }

    /** A node that was started with such a file. */
    private static SessionSealer node(List<String> lines) {
        List<String> passwords = new ArrayList<>();
        for (String name : List.of(
                "WORKOS_COOKIE_PASSWORD=", "WORKOS_COOKIE_PASSWORD_NEXT=", "WORKOS_COOKIE_PASSWORD_PREVIOUS=")) {
            lines.stream()
                    .filter(line -> line.startsWith(name))
                    .forEach(line -> passwords.add(line.substring(name.length())));
        }
        return new SessionSealer(
                CookieKeys.of(passwords),
                "wos-session",
                Duration.ofDays(7),
                InstantSource.fixed(NOW),
                new SecureRandom());
    }

    private static String cookie(SessionSealer sealer) {
        var session = new SealedSession(
                "token", "rt", UserJson.parse("{\"id\":\"user_1\"}").orElseThrow(), null, null, null);
        return ((SealOutcome.Sealed) sealer.seal(session)).value();
    }
}
