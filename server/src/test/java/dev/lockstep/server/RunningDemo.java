package dev.lockstep.server;

import static org.awaitility.Awaitility.await;

import dev.lockstep.server.demo.Demo;
import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.server.demo.FreePort;
import dev.lockstep.store.Database;
import dev.lockstep.testing.TableHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The whole demo on real parts, started once for all test classes that leave it as they found it: sessions they may
 * open, but no test may stop a part or change a persona for good.
 */
final class RunningDemo implements BeforeAllCallback {
    private static final TableHash MOVING = new TableHash(Map.of());

    private Started started;

    @Override
    public void beforeAll(ExtensionContext context) {
        started = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(RunningDemo.class))
                .computeIfAbsent(Started.class, key -> Started.now(), Started.class);
    }

    /** The running parts and the folder they live in. */
    private record Started(Demo demo, Path folder, ServerSocket neighbour) implements AutoCloseable {
        static Started now() {
            try {
                Path folder = Files.createTempDirectory("running-demo");
                ServerSocket neighbour = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                return new Started(
                        Demo.start(
                                new DemoFolder(folder, new SecureRandom()),
                                FreePort.any(),
                                Map.of(
                                        "lockstep.web.cors-origins",
                                        "https://*.tenants.test",
                                        "lockstep.live.allowed-origins",
                                        origin(neighbour))),
                        folder,
                        neighbour);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static URI origin(ServerSocket socket) {
            return URI.create("http://localhost:" + socket.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            neighbour.close();
            demo.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    Demo demo() {
        return started.demo();
    }

    Path folder() {
        return started.folder();
    }

    URI address() {
        return demo().address();
    }

    /** Where another application may run whose pages may follow this one's data. */
    URI neighbour() {
        return Started.origin(started.neighbour());
    }

    /** Lets that application have the port, which nobody else could take until now. */
    void makeRoomForTheNeighbour() throws IOException {
        started.neighbour().close();
    }

    Visitor visitor() {
        return new Visitor(address());
    }

    Database database() {
        return new Database(demo().application().getBean(DataSource.class));
    }

    /** Waits until everything that was on its way has arrived and nothing moves any more, and returns the hash then. */
    TableHash settled() {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .during(Duration.ofMillis(500))
                .until(
                        () -> demo().workOs().pendingWebhooks() == 0 && refetches() == 0 ? digest() : MOVING,
                        new Unchanging());
    }

    /** What is still to be asked of WorkOS, such as the settings of organizations that came by events. */
    private long refetches() {
        return database()
                .read(tx -> tx.sql("SELECT count(*) FROM lockstep.refetch")
                        .query(Long.class)
                        .single());
    }

    /** Every business table and the inbox: equal hashes, equal rows. */
    TableHash digest() {
        try {
            return TableHash.of(demo().application().getBean(DataSource.class));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Matches a value that is the same as at the look before. */
    private static final class Unchanging extends org.hamcrest.TypeSafeMatcher<TableHash> {
        private TableHash before = MOVING;

        @Override
        protected boolean matchesSafely(TableHash now) {
            boolean same = now.equals(before) && !now.equals(MOVING);
            before = now;
            return same;
        }

        @Override
        public void describeTo(org.hamcrest.Description description) {
            description.appendText("tables that nobody writes any more");
        }
    }
}
