package dev.lockstep.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.workosdouble.WorkOsDouble;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DoubleCommandTest {
    private final DoubleCommand command = new DoubleCommand();
    private final StringWriter out = new StringWriter();

    @AfterEach
    void stop() {
        WorkOsDouble running = command.running();
        if (running != null) {
            running.close();
        }
    }

    @Test
    void itPrintsLinesThatAnEnvironmentFileTakesAndThatWork() throws Exception {
        Map<String, String> environment = run("--demo", "--users", "30", "--organizations", "3", "--seed", "7");
        assertThat(environment)
                .containsOnlyKeys(
                        "WORKOS_API_HOSTNAME",
                        "WORKOS_API_PORT",
                        "WORKOS_API_HTTPS",
                        "WORKOS_API_KEY",
                        "WORKOS_CLIENT_ID",
                        "WORKOS_WEBHOOK_SECRET");
        URI users = URI.create("http://" + environment.get("WORKOS_API_HOSTNAME") + ":"
                + environment.get("WORKOS_API_PORT") + "/user_management/users?limit=100");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(users)
                            .header("Authorization", "Bearer " + environment.get("WORKOS_API_KEY"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("ada@acme.test", "user-29@crowd.test");
        }
    }

    @Test
    void theSameSeedPrintsTheSameSecrets() {
        String first = run("--seed", "7").get("WORKOS_API_KEY");
        stop();
        assertThat(run("--seed", "7").get("WORKOS_API_KEY")).isEqualTo(first);
        stop();
        assertThat(run("--seed", "8").get("WORKOS_API_KEY")).isNotEqualTo(first);
    }

    @Test
    void aFolderKeepsKeysAndPeople(@TempDir Path folder) {
        String first = run("--folder", folder.toString(), "--demo").get("WORKOS_API_KEY");
        stop();
        assertThat(run("--folder", folder.toString()).get("WORKOS_API_KEY")).isEqualTo(first);
        assertThat(running().truth().users()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port 65536", "--users -1", "--webhook-url nowhere", "--hold-back soon", "--sede 7"})
    void wrongWordsAreRefusedWithTwo(String words) {
        assertThat(new CommandLine(command).setErr(new PrintWriter(out)).execute(words.split(" ")))
                .isEqualTo(2);
    }

    private Map<String, String> run(String... words) {
        StringWriter printed = new StringWriter();
        int code = new CommandLine(command).setOut(new PrintWriter(printed)).execute(words);
        assertThat(code).isEqualTo(LockstepCommand.STAYS_UP);
        List<String> lines =
                printed.toString().lines().filter(line -> !line.startsWith("#")).toList();
        return lines.stream().collect(Collectors.toMap(line -> line.split("=", 2)[0], line -> line.split("=", 2)[1]));
    }

    private WorkOsDouble running() {
        WorkOsDouble running = command.running();
        assertThat(running).isNotNull();
        return running;
    }
}
