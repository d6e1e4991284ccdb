package dev.lockstep.sync.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.store.Database;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.inbox.DrainSettings;
import dev.lockstep.sync.inbox.Inbox;
import dev.lockstep.sync.inbox.InboxDrain;
import dev.lockstep.sync.inbox.Source;
import dev.lockstep.sync.outbox.OutboxDelivery;
import dev.lockstep.sync.projection.Projector;
import dev.lockstep.sync.tail.EventsTail;
import dev.lockstep.sync.tail.TailSettings;
import dev.lockstep.sync.work.Backoff;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.webhook.WebhookSecret;
import dev.lockstep.workos.webhook.WebhookSignature;
import dev.lockstep.workos.webhook.WebhookVerdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * A node without Spring, to be killed: webhook mouth, tail, drain, and a listener that has an effect in its transaction
 * and one outside. It runs until somebody ends it. Arguments: database address, user, password, point, hit.
 */
public final class Victim {
    static final WebhookSecret SECRET = new WebhookSecret("whsec_victim");

    private final Fuse fuse;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final WebhookSignature signature = new WebhookSignature(List.of(SECRET), InstantSource.system());
    private final Inbox inbox;
    private final InboxDrain drain;

    private Victim(String[] arguments) {
        this.fuse = new Fuse(KillPoint.valueOf(arguments[3]), Integer.parseInt(arguments[4]));
        DataSource plain = pool(arguments, 12);
        Database work = new Database(new FusedDataSource(plain, new InTheBackground()));
        Database front = new Database(new FusedDataSource(plain, new AtTheMouth()));
        OutboxDelivery delivery = new OutboxDelivery(
                work,
                List.of(new TwoEffects(new Database(plain), fuse)),
                new OutboxDelivery.Settings(
                        2, Duration.ofMillis(100), new Backoff(8, Duration.ofMillis(20), Duration.ofSeconds(1))),
                new SecureRandom());
        this.drain = new InboxDrain(
                work,
                new Projector(),
                new DrainSettings(2, 20, Duration.ofMillis(100), 8, Duration.ofMillis(20), Duration.ofSeconds(1)),
                new SecureRandom(),
                delivery::signal);
        this.inbox = new Inbox(front, new EventDecoder(), drain::signal);
        delivery.start();
        drain.start();
        new EventsTail(
                        work,
                        new Inbox(work, new EventDecoder(), drain::signal),
                        new TableEventSource(new Database(plain)),
                        tailSettings(),
                        UUID.randomUUID(),
                        InstantSource.system())
                .start();
    }

    /** A lease so short that the next node need not wait for the one that was killed. */
    private static TailSettings tailSettings() {
        return new TailSettings(
                "proof",
                Duration.ofMillis(50),
                Duration.ofMillis(150),
                Duration.ofDays(3_650),
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                Duration.ofDays(3_650));
    }

    private static HikariDataSource pool(String[] arguments, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setUsername(arguments[1]);
        config.setPassword(arguments[2]);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    public static void main(String[] arguments) throws IOException {
        Victim victim = new Victim(arguments);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", victim::webhook);
        server.start();
        System.out.println("ready " + server.getAddress().getPort());
    }

    private void webhook(HttpExchange exchange) throws IOException {
        try (exchange) {
            fuse.reach(KillPoint.F01_BEFORE_THE_BODY_IS_READ);
            byte[] body = exchange.getRequestBody().readAllBytes();
            List<String> headers = exchange.getRequestHeaders().getOrDefault(WebhookSignature.HEADER, List.of());
            if (!(signature.verify(body, headers) instanceof WebhookVerdict.Verified)) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            fuse.reach(KillPoint.F02_SIGNATURE_VERIFIED);
            try {
                inbox.receive(body, Source.WEBHOOK);
                exchange.sendResponseHeaders(200, -1);
                answered.set(true);
            } catch (SyncProblem e) {
                exchange.sendResponseHeaders(503, -1);
            }
        }
    }

    /** What the connections of the webhook mouth do. */
    private final class AtTheMouth implements FusedDataSource.Watcher {
        @Override
        public void before(String statement) {}

        @Override
        public void beforeCommit(String statements) {
            if (statements.contains("INSERT INTO lockstep.inbox")) {
                fuse.reach(KillPoint.F03_INSERTED_NOT_COMMITTED);
            }
        }

        @Override
        public void afterCommit(String statements) {
            if (statements.contains("INSERT INTO lockstep.inbox")) {
                fuse.reach(KillPoint.F04_COMMITTED_NOT_ANSWERED);
            }
        }
    }

    /** What the connections of drain, tail and delivery do. */
    private final class InTheBackground implements FusedDataSource.Watcher {
        @Override
        public void before(String statement) {
            if (statement.contains("attempts, quiet FROM lockstep.inbox") && answered.get()) {
                fuse.reach(KillPoint.F05_ANSWERED_NOT_CLAIMED);
            } else if (statement.contains("lockstep.loud")) {
                fuse.reach(KillPoint.F06_CLAIMED_NOT_APPLIED);
            } else if (statement.startsWith("UPDATE lockstep.cursor SET event_id = ")) {
                fuse.reach(KillPoint.F09_PAGE_READ_CURSOR_NOT_MOVED);
            }
        }

        @Override
        public void beforeCommit(String statements) {
            if (statements.contains("UPDATE lockstep.inbox SET state = 'done'")) {
                fuse.reach(KillPoint.F07_APPLIED_NOT_COMMITTED);
            }
        }

        @Override
        public void afterCommit(String statements) {
            if (statements.contains("UPDATE lockstep.inbox SET state = 'done'")) {
                fuse.reach(KillPoint.F08_COMMITTED_NOBODY_WOKEN);
            }
        }
    }
}
