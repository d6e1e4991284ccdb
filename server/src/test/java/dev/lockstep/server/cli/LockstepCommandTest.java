package dev.lockstep.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exit codes that scripts rely on: 0 done, 1 failed, 2 wrong words. */
final class LockstepCommandTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evnts",
                "demo --prot 3000",
                "demo --port many",
                "demo --port 0",
                "demo --port 65536",
                "serve --port 3000",
                "events",
                "events list --state parket",
                "user",
                "user show",
                "keys",
                "keys rotate --fiel .env",
                "backfill --resume --restart",
                "backfill --only people",
                "backfill --rate 101",
                "backfill --lanes 0",
                "reconcile --repair --dry-run",
                "reconcile --only sessions",
                "parked",
                "parked replay",
                "parked list --limit 0",
                "replay",
                "webhooks",
                "webhooks forward",
                "webhooks register --url nowhere"
            })
    void wrongWordsAreRefusedWithTwo(String words) {
        assertThat(LockstepCommand.run(words.split(" "))).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "demo --help", "serve --help", "user sync --help", "help events"})
    void askingForHelpIsNoMistake(String words) {
        assertThat(LockstepCommand.run(words.split(" "))).isZero();
    }

    @Test
    void aFolderThatCannotBeMadeEndsTheDemoWithOne(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(LockstepCommand.run(
                        "demo", "--no-browser", "--data", file.resolve("demo").toString()))
                .isEqualTo(1);
    }
}
