package dev.lockstep.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.UserId;
import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.testing.PostgresExtension;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DeliveryTest {
    private static final DeliverySettings THREE_ATTEMPTS = new DeliverySettings(
            3, Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofMinutes(1), 5, Duration.ofMillis(5));

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("notify", Migrations::migrate);

    private final Notifications notifications = new Notifications();
    private final Scripted mail = new Scripted();
    private Database database;

    private record Stored(String status, int attempts, String error, double waits, boolean sent, boolean failed) {}

    /** A mail server that answers as it was told to, and Delivered when nothing is left. */
    private static final class Scripted implements Channel {
        final List<UUID> tried = Collections.synchronizedList(new ArrayList<>());
        final Deque<Outcome> answers = new ArrayDeque<>();
        boolean explodes;
        Runnable meanwhile = () -> {};

        @Override
        public ChannelKind kind() {
            return ChannelKind.EMAIL;
        }

        @Override
        public Outcome deliver(Message message) {
            tried.add(message.id());
            meanwhile.run();
            if (explodes) {
                throw new IllegalStateException("a text with ada@acme.test in it");
            }
            Outcome answer = answers.poll();
            return answer == null ? new Outcome.Delivered() : answer;
        }
    }

    @BeforeEach
    void connect() {
        database = new Database(postgres.dataSource());
    }

    private Delivery delivery() {
        return new Delivery(database, notifications, List.of(mail), THREE_ATTEMPTS);
    }

    @Test
    void aNotificationForTheApplicationHasArrivedOnceItIsStored() {
        leave(ChannelKind.IN_APP, "one");
        assertThat(stored().status()).isEqualTo("SENT");
        assertThat(stored().sent()).isTrue();
        assertThat(delivery().runOnce()).isZero();
    }

    @Test
    void theSameEventIsStoredOnce() {
        assertThat(leave(ChannelKind.IN_APP, "one")).isTrue();
        assertThat(leave(ChannelKind.IN_APP, "one")).isFalse();
        assertThat(leave(ChannelKind.IN_APP, "two")).isTrue();
    }

    @Test
    void aDeliveredOneIsSentAndNotTriedAgain() {
        leave(ChannelKind.EMAIL, "one");
        assertThat(stored().status()).isEqualTo("PENDING");
        assertThat(delivery().runOnce()).isOne();
        assertThat(stored().status()).isEqualTo("SENT");
        assertThat(delivery().runOnce()).isZero();
        assertThat(mail.tried).hasSize(1);
    }

    @Test
    void aFailingOneWaitsLongerEachTimeAndIsGivenUpAfterTheLastAttempt() {
        leave(ChannelKind.EMAIL, "one");
        for (int i = 0; i < 3; i++) {
            mail.answers.add(new Channel.Outcome.Again("SMTP_451"));
        }
        Delivery delivery = delivery();
        delivery.runOnce();
        assertThat(stored().status()).isEqualTo("PENDING");
        assertThat(stored().error()).isEqualTo("SMTP_451");
        assertThat(stored().waits()).isBetween(8.0, 10.0);
        assertThat(delivery.runOnce()).isZero();
        makeDue();
        delivery.runOnce();
        assertThat(stored().waits()).isBetween(12.0, 15.0);
        makeDue();
        delivery.runOnce();
        assertThat(stored().status()).isEqualTo("FAILED");
        assertThat(stored().failed()).isTrue();
        makeDue();
        assertThat(delivery.runOnce()).isZero();
        assertThat(mail.tried).hasSize(3).containsOnly(id());
    }

    @Test
    void anOperatorReleasesAFailedOne() {
        leave(ChannelKind.EMAIL, "one");
        mail.answers.add(new Channel.Outcome.Refused("SMTP_550"));
        delivery().runOnce();
        assertThat(stored().status()).isEqualTo("FAILED");
        assertThat(database.<Boolean>write(tx -> notifications.release(tx, id())))
                .isTrue();
        assertThat(database.<Boolean>write(tx -> notifications.release(tx, id())))
                .isFalse();
        delivery().runOnce();
        assertThat(stored().status()).isEqualTo("SENT");
    }

    @Test
    void oneThatWaitsIsCalledBackForGoodAndOneThatHasArrivedIsNot() {
        leave(ChannelKind.EMAIL, "one");
        assertThat(cancel()).isTrue();
        assertThat(cancel()).isFalse();
        assertThat(stored().status()).isEqualTo("CANCELLED");
        assertThat(delivery().runOnce()).isZero();
        assertThat(database.<Boolean>write(tx -> notifications.release(tx, id())))
                .isFalse();
        assertThat(mail.tried).isEmpty();
    }

    @Test
    void oneThatWasGivenUpOrHasArrivedKnowsItsWay() {
        leave(ChannelKind.EMAIL, "one");
        delivery().runOnce();
        assertThat(stored().status()).isEqualTo("SENT");
        assertThat(cancel()).isFalse();
        assertThat(stored().status()).isEqualTo("SENT");
    }

    @Test
    void oneThatAChannelHasJustNowCannotBeCalledBack() {
        leave(ChannelKind.EMAIL, "one");
        List<Boolean> calledBack = new ArrayList<>();
        mail.meanwhile = () -> calledBack.add(cancel());
        delivery().runOnce();
        assertThat(calledBack).containsExactly(false);
        assertThat(stored().status()).isEqualTo("SENT");
    }

    private boolean cancel() {
        return database.<Boolean>write(tx -> notifications.cancel(tx, id()));
    }

    @Test
    void aChannelThatThrowsLeavesNoTextOfItsErrorBehind() {
        leave(ChannelKind.EMAIL, "one");
        mail.explodes = true;
        delivery().runOnce();
        assertThat(stored().error()).isEqualTo("IllegalStateException");
        assertThat(stored().status()).isEqualTo("PENDING");
    }

    @Test
    void anAttemptThatNeverEndedIsTriedAgainWhenItsLeaseIsOverUntilTheAttemptsAre() {
        leave(ChannelKind.EMAIL, "one");
        for (int crash = 0; crash < 3; crash++) {
            assertThat(claimed()).hasSize(1);
            assertThat(claimed()).isEmpty();
            makeDue();
        }
        delivery().runOnce();
        assertThat(stored().status()).isEqualTo("FAILED");
        assertThat(stored().error()).isEqualTo("LEASE_EXPIRED");
        assertThat(mail.tried).isEmpty();
    }

    @Test
    void whoeverLostItsLeaseDoesNotSettleIt() {
        leave(ChannelKind.EMAIL, "one");
        Notifications.Claimed slow = claimed().get(0);
        makeDue();
        Notifications.Claimed next = claimed().get(0);
        assertThat(database.<Boolean>write(tx -> notifications.sent(tx, slow))).isFalse();
        assertThat(database.<Boolean>write(tx -> notifications.failed(tx, slow, "X")))
                .isFalse();
        assertThat(database.<Boolean>write(tx -> notifications.again(tx, slow, "X", Duration.ZERO)))
                .isFalse();
        assertThat(database.<Boolean>write(tx -> notifications.sent(tx, next))).isTrue();
    }

    @Test
    void twoNodesRacingDeliverEachOnce() throws Exception {
        for (int i = 0; i < 60; i++) {
            leave(ChannelKind.EMAIL, "n" + i);
        }
        try (var pool = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> nodes = List.of(pool.submit(this::drain), pool.submit(this::drain));
            int all = 0;
            for (Future<Integer> node : nodes) {
                all += node.get();
            }
            assertThat(all).isEqualTo(60);
        }
        assertThat(mail.tried).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void aStartedWorkerDeliversByItself() throws InterruptedException {
        leave(ChannelKind.PUSH, "one");
        CountDownLatch delivered = new CountDownLatch(1);
        Channel push = new Channel() {
            @Override
            public ChannelKind kind() {
                return ChannelKind.PUSH;
            }

            @Override
            public Outcome deliver(Message message) {
                delivered.countDown();
                return new LogChannel(ChannelKind.PUSH).deliver(message);
            }
        };
        try (Delivery delivery = new Delivery(database, notifications, List.of(push), THREE_ATTEMPTS)) {
            delivery.start();
            assertThat(delivered.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(stored().status()).isEqualTo("SENT");
    }

    @Test
    void onlyTheReaderMarksItsOwnAsRead() {
        leave(ChannelKind.IN_APP, "one");
        assertThat(database.<Boolean>write(tx -> notifications.markRead(tx, new UserId("user_other"), id())))
                .isFalse();
        assertThat(database.<Boolean>write(tx -> notifications.markRead(tx, new UserId("user_1"), id())))
                .isTrue();
        assertThat(database.<Boolean>write(tx -> notifications.markRead(tx, new UserId("user_1"), id())))
                .isFalse();
    }

    @Test
    void twoChannelsOfOneKindAreRefused() {
        assertThatThrownBy(() -> new Delivery(
                        database, notifications, List.of(mail, new Scripted()), DeliverySettings.defaults()))
                .hasMessageContaining("EMAIL");
        assertThatThrownBy(() -> new LogChannel(ChannelKind.IN_APP)).hasMessageContaining("IN_APP");
    }

    private int drain() {
        Delivery delivery = delivery();
        int all = 0;
        int batch = delivery.runOnce();
        while (batch > 0) {
            all += batch;
            batch = delivery.runOnce();
        }
        return all;
    }

    private boolean leave(ChannelKind channel, String key) {
        return database.write(tx -> notifications.leave(
                tx, new Notification(new UserId("user_1"), null, channel, "Subject", "Text", Map.of("a", "b"), key)));
    }

    private List<Notifications.Claimed> claimed() {
        return database.write(tx -> notifications.claim(tx, List.of(ChannelKind.EMAIL), Duration.ofMinutes(1), 5));
    }

    private void makeDue() {
        database.write(tx -> tx.sql("UPDATE app.notifications SET next_at = clock_timestamp() - interval '1 second'")
                .update());
    }

    private UUID id() {
        return database.read(tx ->
                tx.sql("SELECT id FROM app.notifications").query(UUID.class).single());
    }

    private Stored stored() {
        return database.read(tx -> tx.sql("""
                        SELECT status, attempts, coalesce(error, '') AS error,
                          extract(epoch FROM next_at - clock_timestamp())::float8 AS waits,
                          sent_at IS NOT NULL AS sent, failed_at IS NOT NULL AS failed
                        FROM app.notifications
                        """).query(Stored.class).single());
    }
}
