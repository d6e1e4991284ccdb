package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code serve} in a process of its own, with nothing or with the wrong things in its environment. */
class ServeCommandTest {
    private static final List<String> NEEDED = List.of(
            "WORKOS_API_KEY",
            "WORKOS_CLIENT_ID",
            "WORKOS_WEBHOOK_SECRET",
            "WORKOS_REDIRECT_URI",
            "WORKOS_COOKIE_PASSWORD",
            "DATABASE_URL");

    /** What a verb printed and how it ended. */
    private record Ended(int code, String said) {}

    private static Ended serve(Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        ProcessBuilder builder = DemoProcess.java(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), said);
    }

    @Test
    void withoutAnyConfigurationItEndsAtOnceAndNamesEverythingThatIsMissing() throws Exception {
        Ended ended = serve(Map.of(), "serve");
        assertThat(ended.code()).isEqualTo(2);
        for (String name : NEEDED) {
            assertThat(ended.said()).contains(name + " is missing");
        }
        assertThat(ended.said()).doesNotContain("\tat ");
    }

    @Test
    void aWrongConfigurationIsListedWithoutItsSecrets() throws Exception {
        Ended ended = serve(
                Map.of(
                        "WORKOS_API_KEY", "sk_shown",
                        "WORKOS_CLIENT_ID", "client_shown",
                        "WORKOS_WEBHOOK_SECRET", "whsec_shown",
                        "WORKOS_REDIRECT_URI", "http://shown.example.com/callback",
                        "WORKOS_COOKIE_PASSWORD", "shown",
                        "DATABASE_URL", "mysql://shown:shown@db/shown",
                        "LOCKSTEP_SESSION_COOKIENAME", "kept"),
                "serve");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.said())
                .contains(
                        "WORKOS_REDIRECT_URI is plain http",
                        "WORKOS_COOKIE_PASSWORD is 5",
                        "DATABASE_URL cannot be read")
                .doesNotContain("shown", "is missing");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsAFailureAndNotAWrongConfiguration() throws Exception {
        Ended ended = serve(
                Map.of(
                        "WORKOS_API_KEY", "sk_shown",
                        "WORKOS_CLIENT_ID", "client_1",
                        "WORKOS_WEBHOOK_SECRET", "whsec_shown",
                        "WORKOS_REDIRECT_URI", "http://localhost:3000/callback",
                        "WORKOS_COOKIE_PASSWORD", "a-cookie-password-nobody-will-guess",
                        "DATABASE_URL", "postgres://app:shown@127.0.0.1:1/app",
                        "PORT", "0"),
                "serve");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.said()).doesNotContain("shown");
    }

    @Test
    void wrongWordsEndWithTwoAndHelpWithZero() throws Exception {
        assertThat(serve(Map.of(), "surf").code()).isEqualTo(2);
        assertThat(serve(Map.of(), "demo", "--port", "many").code()).isEqualTo(2);
        Ended help = serve(Map.of(), "--help");
        assertThat(help.code()).isZero();
        assertThat(help.said()).contains("demo", "serve", "doctor", "user", "events", "Exit codes");
    }
}
