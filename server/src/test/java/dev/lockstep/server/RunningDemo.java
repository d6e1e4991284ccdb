package dev.lockstep.server;

import static org.awaitility.Awaitility.await;

import dev.lockstep.server.demo.Demo;
import dev.lockstep.server.demo.DemoFolder;
import dev.lockstep.server.demo.FreePort;
import dev.lockstep.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
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
    private Started started;

    @Override
    public void beforeAll(ExtensionContext context) {
        started = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(RunningDemo.class))
                .computeIfAbsent(Started.class, key -> Started.now(), Started.class);
    }

    /** The running parts and the folder they live in. */
    private record Started(Demo demo, Path folder) implements AutoCloseable {
        static Started now() {
            try {
                Path folder = Files.createTempDirectory("running-demo");
                return new Started(
                        Demo.start(new DemoFolder(folder, new SecureRandom()), FreePort.any(), Map.of()), folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
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

    Visitor visitor() {
        return new Visitor(address());
    }

    Database database() {
        return new Database(demo().application().getBean(DataSource.class));
    }

    /** Waits until everything that was on its way has arrived and nothing moves any more, and returns the digest then. */
    String settled() {
        Database database = database();
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .during(Duration.ofMillis(500))
                .until(() -> demo().workOs().pendingWebhooks() == 0 ? digest(database) : "busy", new Unchanging());
    }

    /** Every business table and the inbox as one digest: equal digests, equal rows. */
    String digest() {
        return digest(database());
    }

    private static String digest(Database database) {
        return database.read(tx -> {
            List<String> tables = tx.sql("""
                    SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
                    WHERE schemaname IN ('workos', 'app') OR (schemaname, tablename) = ('lockstep', 'inbox') ORDER BY 1
                    """).query(String.class).list();
            StringBuilder digest = new StringBuilder();
            for (String table : tables) {
                digest.append(tx.sql("SELECT coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), 'empty') FROM "
                                + table + " t")
                        .query(String.class)
                        .single());
            }
            return digest.toString();
        });
    }

    /** Matches a value that is the same as at the look before. */
    private static final class Unchanging extends org.hamcrest.TypeSafeMatcher<String> {
        private String before = "";

        @Override
        protected boolean matchesSafely(String now) {
            boolean same = now.equals(before) && !now.equals("busy");
            before = now;
            return same;
        }

        @Override
        public void describeTo(org.hamcrest.Description description) {
            description.appendText("tables that nobody writes any more");
        }
    }
}
