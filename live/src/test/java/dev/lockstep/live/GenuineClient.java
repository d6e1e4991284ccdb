package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.connection.CallerAuthority.Verdict;
import dev.lockstep.store.Database;
import dev.lockstep.testing.PostgresExtension;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node behind a real socket, and the programs of {@code testing/clients} with the genuine npm client in them. A program
 * asks for what it needs done to the server, and says at its end what it has seen.
 */
final class GenuineClient implements BeforeEachCallback, AfterEachCallback {
    private static final Path CLIENTS = Path.of("..", "testing", "clients");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final PostgresExtension postgres;

    /** Tokens of this generation and of earlier ones are refused. */
    private volatile int revoked;

    private volatile CountDownLatch held = new CountDownLatch(0);
    private LiveHouse house;
    private SyncServer server;
    private Process node;
    private int port;

    GenuineClient(PostgresExtension postgres) {
        this.postgres = postgres;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(CLIENTS.resolve("node_modules").resolve("convex")),
                "the genuine npm packages are not installed: run `npm ci` in testing/clients");
        revoked = 0;
        start(0);
    }

    private void start(int wanted) throws Exception {
        house = new LiveHouse(postgres.dataSource(), LiveSettings.DEFAULTS, InstantSource.system(), this::verdict);
        house.beforeCommit = this::await;
        server = new SyncServer(house, wanted, this::verdict);
    }

    private void await() {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        held.countDown();
        if (node != null) {
            node.destroyForcibly().waitFor();
        }
        if (server != null) {
            server.close();
            house.close();
        }
    }

    LiveHouse house() {
        return house;
    }

    /** Reads the claims of a token that nobody has signed; the subject says how it fares. */
    private Verdict verdict(String token) {
        JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
        String subject = claims.get("sub").asString();
        if (subject.equals("bad") || claims.get("generation").intValue() <= revoked) {
            return new Verdict.Refused("The token is not good.");
        }
        return new Verdict.Accepted(
                LiveHouse.caller(subject),
                Instant.ofEpochSecond(claims.get("exp").longValue()),
                Instant.ofEpochSecond(claims.get("iat").longValue()));
    }

    int total() {
        return new Database(house.dataSource)
                .<Integer>read(tx -> tx.sql("SELECT coalesce(sum(value), 0)::int FROM app.counters")
                        .query(Integer.class)
                        .single());
    }

    List<String> names() {
        return new Database(house.dataSource)
                .read(tx -> tx.sql("SELECT name FROM app.counters ORDER BY name")
                        .query(String.class)
                        .list());
    }

    /** Runs a program and does what it asks for, until it says what it has seen. */
    JsonNode run(String script) throws Exception {
        node = new ProcessBuilder("node", script, "http://127.0.0.1:" + server.port())
                .directory(CLIENTS.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = node.inputReader();
                BufferedWriter answers = node.outputWriter()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("ask ")) {
                    answer(line.substring(4));
                    answers.write("done\n");
                    answers.flush();
                } else if (!line.startsWith("seen ")) {
                    System.err.println(line);
                } else {
                    JsonNode seen = JSON.readTree(line.substring(5));
                    assertThat(node.waitFor(10, TimeUnit.SECONDS)).isTrue();
                    return seen;
                }
            }
        } catch (IOException e) {
            throw new AssertionError(script + " ended early", e);
        }
        throw new AssertionError(script + " ended without a result, exit code " + node.waitFor());
    }

    private void answer(String question) throws Exception {
        switch (question.split(" ")[0]) {
            case "stop" -> {
                port = server.port();
                server.close();
                house.close();
            }
            case "start" -> start(port);
            case "hold" -> held = new CountDownLatch(1);
            case "release" -> held.countDown();
            case "drop" -> server.drop();
            case "lose" -> server.loseNextResponse.set(true);
            case "revoke" -> {
                revoked = Integer.parseInt(question.substring(7));
                house.engine.revoke(caller -> true);
            }
            case "end" -> house.held.close();
            case "sql" -> house.sql(question.substring(4));
            default -> throw new AssertionError(question);
        }
    }
}
