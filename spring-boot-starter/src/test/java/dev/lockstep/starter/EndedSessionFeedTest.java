package dev.lockstep.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.session.Revocations;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.store.feed.FeedSettings;
import dev.lockstep.testing.PostgresExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one node ends, another one knows. */
class EndedSessionFeedTest {
    private static final Duration WITHIN = Duration.ofSeconds(1);

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("starter_sessions", Migrations::migrate);

    private final Revocations revocations = new Revocations(InstantSource.system());
    private final List<Predicate<Caller.SignedIn>> closed = new CopyOnWriteArrayList<>();

    @Test
    void anotherNodeRefusesAnEndedSessionWithinASecondNineTimesOfTenAndClosesItsSockets() {
        Database database = new Database(postgres.dataSource());
        end(database, "session_before");
        List<Duration> waits = new ArrayList<>();
        try (FeedReader feed = new FeedReader(postgres.dataSource(), UUID.randomUUID(), FeedSettings.defaults())) {
            feed.addListener(new EndedSessionFeed(revocations, closed::add, Duration.ofHours(24)));
            feed.start();
            await().atMost(Duration.ofSeconds(10)).until(() -> revocations.isRevoked(new SessionId("session_before")));
            for (int i = 0; i < 50; i++) {
                SessionId session = new SessionId("session_" + i);
                assertThat(revocations.isRevoked(session)).isFalse();
                Instant committed = end(database, session.value());
                await().atMost(Duration.ofSeconds(10))
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> revocations.isRevoked(session));
                waits.add(Duration.between(committed, InstantSource.system().instant()));
            }
        }
        Collections.sort(waits);
        assertThat(waits.get(44)).isLessThan(WITHIN);
        assertThat(closed).anyMatch(match -> match.test(caller("session_7")));
        assertThat(closed).noneMatch(match -> match.test(caller("session_other")));
    }

    private static Instant end(Database database, String session) {
        database.write(tx -> tx.sql("INSERT INTO lockstep.ended_session (session_id) VALUES (:session)")
                .param("session", session)
                .update());
        return InstantSource.system().instant();
    }

    private static Caller.SignedIn caller(String session) {
        return new Caller.SignedIn(new UserId("user_1"), new SessionId(session), null, Set.of(), Set.of(), null);
    }
}
