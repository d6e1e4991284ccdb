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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The genuine npm client against the live room over a real socket. The programs are in {@code testing/clients}. */
class GenuineClientTest {
    private static final Path CLIENTS = Path.of("..", "testing", "clients");
    private static final JsonMapper JSON = JsonMapper.shared();

    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    /** Tokens of this generation and of earlier ones are refused. */
    private volatile int revoked;

    private LiveHouse house;
    private SyncServer server;
    private int port;
    private Process node;

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(CLIENTS.resolve("node_modules").resolve("convex")),
                "the genuine npm packages are not installed: run `npm ci` in testing/clients");
        start(0);
    }

    private void start(int wanted) throws Exception {
        house = new LiveHouse(postgres.dataSource(), LiveSettings.DEFAULTS, InstantSource.system(), this::verdict);
        server = new SyncServer(house.engine, wanted, this::verdict);
        port = server.port();
    }

    @AfterEach
    void close() throws Exception {
        if (node != null) {
            node.destroyForcibly().waitFor();
        }
        if (server != null) {
            server.close();
            house.close();
        }
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

    @Test
    void optimisticValuesNeverFlickerAndNeverApplyTwice() throws Exception {
        JsonNode seen = run("live-optimistic.mjs");
        List<Integer> values =
                seen.get("values").valueStream().map(JsonNode::intValue).toList();
        assertThat(values).isSorted().startsWith(0).endsWith(60).allMatch(value -> value <= 60);
        assertThat(seen.get("promised").valueStream().map(JsonNode::intValue)).isSorted();
        assertThat(seen.get("readBack").valueStream().allMatch(JsonNode::booleanValue))
                .isTrue();
        assertThat(total()).isEqualTo(60);
    }

    @Test
    void aMutationQueuedWhileTheServerIsDownRunsOnceAfterwards() throws Exception {
        JsonNode seen = run("live-restart.mjs");
        assertThat(seen.get("values").valueStream().map(JsonNode::intValue))
                .isSorted()
                .startsWith(0)
                .endsWith(3);
        assertThat(seen.get("blinks").intValue()).isZero();
        assertThat(total()).isEqualTo(3);
    }

    @Test
    void aMutationWhoseResponseIsLostRunsOnceAndTheValueNeverFlickers() throws Exception {
        JsonNode seen = run("live-lost-response.mjs");
        assertThat(seen.get("values").valueStream().map(JsonNode::intValue))
                .isSorted()
                .startsWith(0)
                .endsWith(10);
        assertThat(seen.get("blinks").intValue()).isZero();
        assertThat(total()).isEqualTo(10);
        assertThat(house.mutationRuns).hasValue(10);
    }

    @Test
    void errorsArriveAsTheKindTheyAre() throws Exception {
        JsonNode seen = run("live-errors.mjs");
        assertThat(seen.at("/told/data/code").asString()).isEqualTo("FORBIDDEN");
        assertThat(seen.at("/told/kind").asString()).isEqualTo("ConvexError");
        assertThat(seen.at("/broken/kind").asString()).isEqualTo("Error");
        assertThat(seen.at("/broken/message").asString())
                .contains("Server Error")
                .doesNotContain("hidden detail");
        assertThat(seen.at("/unknown/message").asString()).contains("There is no public mutation 'no:such'");
        assertThat(seen.at("/arguments/message").asString()).contains("ArgumentError: Missing field 'by'");
        assertThat(seen.at("/after").intValue()).isEqualTo(1);
    }

    @Test
    void signInRefreshRevocationAndSignOutGoThrough() throws Exception {
        JsonNode seen = run("live-auth.mjs");
        assertThat(seen.get("signedIn").intValue()).isEqualTo(1);
        assertThat(seen.get("afterRevocation").intValue()).isEqualTo(2);
        assertThat(seen.get("forced").booleanValue()).isTrue();
        assertThat(seen.get("signedOut").intValue()).isZero();
        assertThat(seen.get("badToken").valueStream().map(JsonNode::booleanValue))
                .endsWith(false);
    }

    @Test
    void reactHooksRenderLiveValuesAndNeverBlinkOverAReconnect() throws Exception {
        JsonNode seen = run("live-react.mjs");
        List<String> texts =
                seen.get("texts").valueStream().map(JsonNode::asString).toList();
        assertThat(texts.getFirst()).isEqualTo("loading");
        assertThat(texts.subList(1, texts.size()))
                .doesNotContain("loading")
                .isSorted()
                .endsWith("3");
        assertThat(total()).isEqualTo(3);
    }

    @Test
    void pagesStayWholeWhileRowsComeAndGoAndTheConnectionBreaks() throws Exception {
        JsonNode seen = run("live-pages.mjs");
        assertThat(seen.get("first").valueStream().map(JsonNode::asString)).containsExactly("c00", "c01", "c02");
        assertThat(seen.get("two").valueStream().map(JsonNode::asString))
                .containsExactly("c00", "c01", "c02", "c03", "c04", "c05");
        assertThat(seen.get("grown").valueStream().map(JsonNode::asString))
                .containsExactly("c00", "c00b", "c01", "c02", "c03", "c04", "c05");
        assertThat(seen.get("shrunk").valueStream().map(JsonNode::asString))
                .containsExactly("c00", "c00b", "c01", "c03", "c04", "c05");
        assertThat(seen.get("end").valueStream().map(JsonNode::asString))
                .containsExactly("c00", "c00b", "c01", "c03", "c04", "c05", "c06", "c07", "c08", "c09", "z0");
        assertThat(seen.get("split").valueStream().map(JsonNode::asString))
                .hasSize(23)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(seen.get("queries").intValue()).isGreaterThan(3);
        assertThat(seen.get("gaps").intValue()).isZero();
    }

    @Test
    void theHttpClientAndThePreloadsOfNextJsGetTheSameAnswers() throws Exception {
        JsonNode seen = run("live-http.mjs");
        assertThat(seen.get("sum").intValue()).isEqualTo(2);
        assertThat(seen.get("action").intValue()).isEqualTo(4);
        assertThat(seen.at("/mine/0/owner").asString()).isEqualTo("user_ada");
        assertThat(seen.at("/told/data/code").asString()).isEqualTo("FORBIDDEN");
        assertThat(seen.at("/unknown").asString()).contains("There is no public query 'counters:secret'");
        assertThat(seen.at("/badToken").asString()).contains("Unauthenticated").contains("The token is not good.");
        assertThat(seen.at("/earlier").asString()).contains("not offered");
        assertThat(seen.at("/preloaded").intValue()).isEqualTo(4);
        assertThat(seen.at("/types/big").asString()).isEqualTo("bigint 7");
        assertThat(seen.at("/types/bytes").asString()).isEqualTo("1,2,3");
        assertThat(seen.at("/lossy/value/big").asString()).isEqualTo("7");
        assertThat(seen.at("/broken").intValue()).isEqualTo(400);
    }

    private int total() {
        return new Database(house.dataSource)
                .<Integer>read(tx -> tx.sql("SELECT coalesce(sum(value), 0)::int FROM app.counters")
                        .query(Integer.class)
                        .single());
    }

    /** Runs a program and does what it asks for, until it says what it has seen. */
    private JsonNode run(String script) throws Exception {
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
                server.close();
                house.close();
            }
            case "start" -> start(port);
            case "drop" -> server.drop();
            case "lose" -> server.loseNextResponse.set(true);
            case "revoke" -> {
                revoked = Integer.parseInt(question.substring(7));
                house.engine.revoke(caller -> true);
            }
            case "sql" -> house.sql(question.substring(4));
            default -> throw new AssertionError(question);
        }
    }
}
