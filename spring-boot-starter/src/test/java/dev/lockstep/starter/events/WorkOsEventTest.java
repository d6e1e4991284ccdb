package dev.lockstep.starter.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.outbox.DomainEvent;
import dev.lockstep.sync.outbox.DomainEvent.UserCreated;
import dev.lockstep.sync.outbox.DomainEvent.UserDeleted;
import dev.lockstep.sync.outbox.DomainListener;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workos.event.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

class WorkOsEventTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("starter_events", Migrations::migrate);

    private final Database database = new Database(postgres.dataSource());

    /** An application's listeners. */
    static class Welcome {
        final Queue<String> heard = new ConcurrentLinkedQueue<>();
        final CountDownLatch told = new CountDownLatch(3);

        @WorkOsEvent
        void firstListOf(UserCreated created, Tx tx) {
            tx.sql("INSERT INTO app.lists (owner) VALUES (:owner)")
                    .param("owner", created.user().id().value())
                    .update();
            note("list", created);
        }

        @WorkOsEvent(value = "user.*", name = "people")
        public void anythingAboutPeople(DomainListener.Telling telling, DomainEvent event) {
            note("people" + telling.attempt(), event);
        }

        private void note(String who, DomainEvent event) {
            heard.add(who + " " + event.occurrence().key());
            told.countDown();
        }
    }

    /** A listener by hand. */
    static final class ByHand implements DomainListener {
        private final CountDownLatch told = new CountDownLatch(1);

        @Override
        public String name() {
            return "by-hand";
        }

        @Override
        public Set<String> types() {
            return Set.of("user.updated");
        }

        @Override
        public void on(DomainEvent event, Telling telling) {
            told.countDown();
        }
    }

    @Test
    void annotatedMethodsAndListenersByHandAreTold() throws Exception {
        database.write(
                tx -> tx.sql("CREATE TABLE app.lists (owner text NOT NULL)").update());
        Welcome welcome = new Welcome();
        ByHand byHand = new ByHand();
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean(Database.class, () -> database);
            context.registerBean(Welcome.class, () -> welcome);
            context.registerBean(ByHand.class, () -> byHand);
            context.registerBean(Tellings.class, () -> new Tellings(context, database, true));
            context.refresh();
            Tellings tellings = context.getBean(Tellings.class);
            Inbox inbox = new Inbox(database, new EventDecoder(), () -> {});
            try (InboxDrain drain =
                    new InboxDrain(database, new Projector(), DrainSettings.defaults(), new Random(1), tellings)) {
                inbox.receive(user("e1", "user.created", "Ada", 1), Source.WEBHOOK);
                drain.drainOnce();
                inbox.receive(user("e2", "user.updated", "Ada L.", 2), Source.WEBHOOK);
                drain.drainOnce();
                assertThat(welcome.told.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(byHand.told.await(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(welcome.heard)
                .containsExactlyInAnyOrder(
                        "list user.created/user_1", "people1 user.created/user_1", "people1 user.updated/user_1/e2");
        assertThat(database.<List<String>>read(tx -> tx.sql("SELECT owner FROM app.lists")
                        .query(String.class)
                        .list()))
                .containsExactly("user_1");
        assertThat(database.<List<String>>read(tx -> tx.sql("SELECT name FROM lockstep.listener ORDER BY 1")
                        .query(String.class)
                        .list()))
                .containsExactly("Welcome.firstListOf", "by-hand", "people");
    }

    /** Methods that cannot be listeners. */
    static class Wrong {
        @WorkOsEvent
        void everything(DomainEvent event) {}

        @WorkOsEvent("user.created")
        void another(UserDeleted event) {}

        @WorkOsEvent("user.created")
        void stranger(String text) {}
    }

    @Test
    void aMethodThatCannotListenIsRefusedAtTheStartWithItsName() {
        for (String method : List.of("everything", "another", "stranger")) {
            assertThatThrownBy(() -> {
                        var found = List.of(Wrong.class.getDeclaredMethods()).stream()
                                .filter(each -> each.getName().equals(method))
                                .findFirst()
                                .orElseThrow();
                        AnnotatedListener.of(new Wrong(), Wrong.class, found, found.getAnnotation(WorkOsEvent.class));
                    })
                    .isInstanceOfSatisfying(
                            SyncProblem.class,
                            e -> assertThat(e.code()).isEqualTo(SyncProblem.Code.SYNC_LISTENER_INVALID))
                    .hasMessageContaining("Wrong." + method);
        }
    }

    private static byte[] user(String id, String type, String name, int second) {
        String at = "2026-03-01T10:00:0" + second + "Z";
        return ("{\"id\":\"" + id + "\",\"event\":\"" + type + "\",\"created_at\":\"" + at
                        + "\",\"data\":{\"object\":\"user\",\"id\":\"user_1\",\"email\":\"a@acme.test\",\"first_name\":\""
                        + name + "\",\"created_at\":\"2026-03-01T10:00:00Z\",\"updated_at\":\"" + at + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
