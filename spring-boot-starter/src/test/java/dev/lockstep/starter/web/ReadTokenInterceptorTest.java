package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.feed.FeedReader;
import dev.lockstep.store.feed.FeedSettings;
import dev.lockstep.sync.freshness.Freshness;
import dev.lockstep.sync.freshness.MirroredObject;
import dev.lockstep.sync.freshness.ReadToken;
import dev.lockstep.testing.PostgresExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ReadTokenInterceptorTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.copyOf("starter", Migrations::migrate);

    private static final Caller ADA =
            new Caller.SignedIn(new UserId("user_ada"), new SessionId("session_1"), null, Set.of(), Set.of(), null);
    private static final Instant WRITTEN = Instant.parse("2026-03-01T10:00:05Z");
    private static final String TOKEN =
            new ReadToken(List.of(new ReadToken.Part(MirroredObject.user(new UserId("user_ada")), WRITTEN))).text();

    private final Database database = new Database(postgres.dataSource());
    private final Mirrored mirrored = new Mirrored(database);
    private final Freshness freshness = new Freshness(database, "test", 1);
    private final FeedReader feed = new FeedReader(postgres.dataSource(), UUID.randomUUID(), FeedSettings.defaults());

    @BeforeEach
    void beginWithAnOldRow() {
        mirrored.clear();
        mirrored.person("user_ada", "org_acme", "admin");
        feed.addListener(freshness);
        feed.start();
    }

    @AfterEach
    void stop() {
        freshness.close();
        feed.close();
    }

    @Test
    void aRequestWaitsForTheWriteThatItsTokenNames() throws Exception {
        CompletableFuture<Boolean> request = CompletableFuture.supplyAsync(() -> passes(TOKEN, ADA, 60_000));
        while (freshness.waiting() == 0) {
            Thread.onSpinWait();
        }
        mirrored.run("UPDATE workos.users SET updated_at = '2026-03-01T10:00:05Z'");
        assertThat(request.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(freshness.waiting()).isZero();
        assertThat(passes(TOKEN, ADA, 1)).as("and now at once").isTrue();
    }

    @Test
    void aWriteThatDoesNotArriveInTimeIsSaidAndNotHidden() {
        refused(TOKEN, "MIRROR_BEHIND", 503);
        assertThat(freshness.waiting()).isZero();
    }

    @Test
    void tooManyWhoWaitAreToldToComeBack() {
        CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> passes(TOKEN, ADA, 60_000));
        while (freshness.waiting() == 0) {
            Thread.onSpinWait();
        }
        refused(TOKEN, "MIRROR_BEHIND", 503);
        freshness.close();
        assertThat(first).failsWithin(Duration.ofSeconds(30));
    }

    @Test
    void whatIsNoTokenIsRefusedAndNothingAtAllIsFine() {
        refused("not a token", "READ_TOKEN_INVALID", 400);
        assertThat(passes(null, ADA, 1)).isTrue();
    }

    @Test
    void nobodyWhoIsNotSignedInKeepsARequestWaiting() {
        assertThat(passes(TOKEN, new Caller.Anonymous(), 60_000)).isTrue();
        assertThat(passes("not a token", new Caller.Anonymous(), 60_000)).isTrue();
    }

    private void refused(String token, String code, int status) {
        assertThatThrownBy(() -> passes(token, ADA, 1)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.problem().code()).isEqualTo(code);
            assertThat(refusal.problem().status().value()).isEqualTo(status);
        });
    }

    private boolean passes(@org.jspecify.annotations.Nullable String token, Caller caller, int millis) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setAttribute(RequestCaller.ATTRIBUTE, new RequestCaller.Known(caller));
        if (token != null) {
            request.addHeader(ReadTokenInterceptor.HEADER, token);
        }
        return new ReadTokenInterceptor(freshness, Duration.ofMillis(millis))
                .preHandle(request, new MockHttpServletResponse(), new Object());
    }
}
