package dev.lockstep.workos.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.FuzzRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Some seconds of Jazzer for the webhook mouth; hours of it by {@code ./lockstep prove fuzz}. */
class WebhookFuzzTest {
    @Test
    void noHeaderAndNoBodyBreaksTheMouthOrIsBelieved() throws Exception {
        List<byte[]> seeds = Stream.of("t=1795255200000, v1=" + "a".repeat(64), "v1=,t=", """
                        {"id":"event_1","event":"user.created","created_at":"2026-11-21T10:00:00.000Z",\
                        "data":{"object":"user","id":"user_1","email":"a@b.test","updated_at":"2026-11-21T10:00:00Z"}}""")
                .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                .toList();
        FuzzRun.Outcome outcome = FuzzRun.of(WebhookFuzz.class, seeds);
        assertThat(outcome.found()).isEmpty();
        assertThat(outcome.inputs()).isGreaterThan(100);
    }
}
