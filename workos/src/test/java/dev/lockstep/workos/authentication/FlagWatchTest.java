package dev.lockstep.workos.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lockstep.identity.UserId;
import dev.lockstep.workos.Clients;
import dev.lockstep.workos.FakeWorkOs;
import dev.lockstep.workos.WorkOsClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlagWatchTest {
    private static final String ON = """
            {"beta":{"enabled":true,"default_value":true,"targets":{}}}""";
    private static final String OFF = """
            {"beta":{"enabled":false,"default_value":true,"targets":{}}}""";

    private FakeWorkOs workos;
    private WorkOsClient client;
    private Instant now = Instant.parse("2026-11-21T09:00:00Z");

    @BeforeEach
    void start() throws IOException {
        workos = FakeWorkOs.start();
        client = Clients.open(workos.url());
    }

    @AfterEach
    void stop() {
        client.close();
        workos.close();
    }

    @Test
    void beforeTheFirstAnswerAFlagIsAsTheCallerSays() {
        FlagWatch watch = watch();
        assertThat(watch.isOn("beta", null, null, true)).isTrue();
        assertThat(watch.isOn("beta", null, null, false)).isFalse();
        assertThat(watch.age()).isEmpty();
    }

    @Test
    void anOutageLeavesTheLastKnownFlags() {
        workos.answers(200, ON).answers(401, "{}");
        FlagWatch watch = watch();
        assertThat(watch.round()).isTrue();
        now = now.plusSeconds(90);
        assertThat(watch.round()).isFalse();
        assertThat(watch.isOn("beta", new UserId("user_1"), null, false)).isTrue();
        assertThat(watch.isOn("unheard-of", null, null, true)).isFalse();
        assertThat(watch.failures()).isEqualTo(1);
        assertThat(watch.age()).contains(Duration.ofSeconds(90));
    }

    @Test
    void whatChangesIsToldOnceAndNotTheFirstTime() {
        workos.answers(200, ON).answers(200, ON).answers(200, OFF).answers(200, "{}");
        FlagWatch watch = watch();
        List<FlagWatch.Change> told = new ArrayList<>();
        watch.onChange(change -> {
            throw new IllegalStateException("a listener that fails");
        });
        watch.onChange(told::add);
        watch.round();
        watch.round();
        assertThat(told).isEmpty();
        watch.round();
        assertThat(told).hasSize(1).first().satisfies(change -> {
            assertThat(change.slug()).isEqualTo("beta");
            assertThat(change.before()).matches(flag -> flag != null && flag.enabled());
            assertThat(change.now()).matches(flag -> flag != null && !flag.enabled());
        });
        watch.round();
        assertThat(told.get(1).now()).isNull();
    }

    @Test
    void itAsksByItselfUntilItIsClosed() throws InterruptedException {
        workos.answers(200, ON).answers(200, OFF);
        var changes = new LinkedBlockingQueue<FlagWatch.Change>();
        try (var watch = new FlagWatch(new FeatureFlagsApi(client), Duration.ofMillis(5), () -> now)) {
            watch.onChange(changes::add);
            watch.start();
            assertThat(watch.awaitFirst(Duration.ofSeconds(20))).isTrue();
            assertThat(changes.poll(20, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void aWatchThatNeverRestsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlagWatch(new FeatureFlagsApi(client), Duration.ZERO, () -> now));
    }

    private FlagWatch watch() {
        return new FlagWatch(new FeatureFlagsApi(client), Duration.ofSeconds(30), () -> now);
    }
}
