package dev.lockstep.live.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.function.FunctionCalls;
import dev.lockstep.live.function.MutationRunner;
import dev.lockstep.live.wire.WireTimestamp;
import dev.lockstep.store.feed.Snapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LiveConnectionTest {
    private static final Snapshot SNAPSHOT = Snapshot.parse("90:95:");
    private static final long TS = (1L << 48) + 95;
    private static final long NEXT_EPOCH = (2L << 48) + 10;

    /** Everything at once, on the caller's thread; nothing of a database. */
    private static final class Room implements Host {
        @Override
        public void wake(LiveConnection connection) {}

        @Override
        public void wakeLater(LiveConnection connection, Duration delay) {}

        @Override
        public void gone(LiveConnection connection) {}

        @Override
        public boolean speaksFor(LiveConnection connection, Caller caller) {
            return true;
        }

        @Override
        public long revocations() {
            return 0;
        }

        @Override
        public CallerAuthority authority() {
            return token -> new CallerAuthority.Verdict.Refused("Nobody");
        }

        @Override
        public FunctionCalls calls() {
            throw new IllegalStateException("No function is called");
        }

        @Override
        public MutationRunner mutations() {
            throw new IllegalStateException("No mutation is called");
        }

        @Override
        public Executor executor() {
            return Runnable::run;
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }

        @Override
        public RandomGenerator random() {
            return RandomGenerator.getDefault();
        }
    }

    private static final class Page implements Outbound {
        private final List<String> frames = new ArrayList<>();

        @Override
        public void send(String text) {
            frames.add(text);
        }

        @Override
        public void close(int code, String reason) {}

        @Override
        public int unsent() {
            return 0;
        }
    }

    private final Page page = new Page();
    private final LiveConnection connection = new LiveConnection(page, new Room(), ConnectionLimits.DEFAULTS);

    @Test
    void aFreshSocketIsShownNoMomentFromBeforeItsOpening() {
        Moment before = new Moment(
                TS, SNAPSHOT, System.nanoTime() - Duration.ofSeconds(1).toNanos());
        connects(0);
        assertThat(serve(before)).isEqualTo(Served.NEXT_TICK);
        assertThat(page.frames).isEmpty();
        assertThat(serve(moment(TS))).isEqualTo(Served.DONE);
        assertThat(page.frames).hasSize(1);
    }

    @Test
    void whoKnowsTheNextEpochFromAnotherNodeIsServedAsSoonAsThisOneLooks() {
        connects(NEXT_EPOCH);
        assertThat(page.frames).isEmpty();
        assertThat(serve(moment(NEXT_EPOCH + 1))).isEqualTo(Served.DONE);
        assertThat(page.frames).singleElement().asString().contains("Transition");
    }

    @Test
    void whoHasSeenAnEpochThatTheDatabaseDoesNotHaveReloads() {
        connects(NEXT_EPOCH);
        serve(moment(TS));
        assertThat(page.frames).singleElement().asString().contains("FatalError");
    }

    private void connects(long seen) {
        connection.onText("""
                {"type":"Connect","sessionId":"%s","connectionCount":0,"lastCloseReason":null,"clientTs":0,\
                "maxObservedTimestamp":"%s"}""".formatted(UUID.randomUUID(), WireTimestamp.encode(seen)));
        connection.onText("""
                {"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[]}""");
    }

    private static Moment moment(long ts) {
        return new Moment(ts, SNAPSHOT, System.nanoTime());
    }

    private Served serve(Moment moment) {
        return connection.serve(moment, (question, caller) -> null);
    }
}
