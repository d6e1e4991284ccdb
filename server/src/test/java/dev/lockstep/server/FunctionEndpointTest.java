package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.workosdouble.NewUser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Functions over HTTP on the whole server: who may call them, and what a call must look like. */
class FunctionEndpointTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String ME = "{\"path\":\"users:me\",\"format\":\"convex_encoded_json\",\"args\":[{}]}";

    @AfterAll
    static void close() {
        CLIENT.close();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(demo.address() + path)).header("Content-Type", "application/json");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    @Test
    void aCallWithoutATokenIsMadeByNobody() throws Exception {
        HttpResponse<String> response = post("/api/query", ME);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"status\":\"success\",\"value\":null,\"logLines\":[]}");
        assertThat(response.headers().firstValue("Cache-Control")).contains("private, no-store");
    }

    @Test
    void aTokenSaysWhoCallsAndACookieDoesNot() throws Exception {
        Visitor ada = demo.visitor().signIn("ada@acme.test");
        assertThat(json(post("/api/query", ME, "Authorization", "Bearer " + ada.accessToken()))
                        .at("/value/email")
                        .asString())
                .isEqualTo("ada@acme.test");
        assertThat(json(ada.post("/api/query", ME)).get("value").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer x.y.z", "Bearer ", "Convex admin-key", "Basic YTpi"})
    void aTokenThatIsNotGoodIsRefusedAndNothingRuns(String authorization) throws Exception {
        HttpResponse<String> response = post("/api/query", ME, "Authorization", authorization);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(json(response).get("code").asString()).isEqualTo("Unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://evil.example", "null", "https://%s", "http://localhost", "http://evil%s", "*", "file://"
            })
    void aPageOfAnotherOriginGetsNothing(String origin) throws Exception {
        String foreign = origin.formatted(demo.address().getAuthority());
        HttpResponse<String> response = post("/api/query", ME, "Origin", foreign);
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void theOwnPageMayAskBeforehand() throws Exception {
        HttpResponse<String> response = send(request("/api/mutation")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", demo.address().toString())
                .header("Access-Control-Request-Headers", "authorization,content-type,convex-client"));
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
                .contains(demo.address().toString());
        assertThat(response.headers().firstValue("Access-Control-Allow-Headers"))
                .contains("authorization,content-type,convex-client");
    }

    @Test
    void aSimpleRequestThatNeedsNoPreflightIsNotRead() throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(demo.address() + "/api/mutation"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(ME)));
        assertThat(response.statusCode()).isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"path\":|400",
                "[]|400",
                "{\"path\":\"users:me\"}|400",
                "{\"path\":\"users:me\",\"args\":[{},{}]}|400",
                "{\"path\":\"users:me\",\"args\":[1]}|400",
                "{\"path\":7,\"args\":{}}|400",
                "{\"path\":\"\",\"args\":{}}|400",
                "{\"path\":\"users:me\",\"format\":\"xml\",\"args\":{}}|400"
            })
    void aBodyThatIsNoCallIsRefusedInWords(String body, int status) throws Exception {
        HttpResponse<String> response = post("/api/query", body);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).get("code").asString()).isEqualTo("InvalidRequest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no:such",
                "__proto__:constructor",
                "toString",
                "../users:me",
                "java.lang.Runtime:exec",
                "_system/cli:tables",
                "users",
                "profiles:update"
            })
    void whatIsNotAPublicQueryIsOneKindOfError(String path) throws Exception {
        JsonNode answer = json(post("/api/query", "{\"path\":\"" + path + "\",\"args\":{}}"));
        assertThat(answer.get("status").asString()).isEqualTo("error");
        assertThat(answer.get("errorMessage").asString()).startsWith("There is no public query '");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "TRACE"})
    void onlyPostCalls(String method) throws Exception {
        HttpResponse<String> response = send(request("/api/query").method(method, HttpRequest.BodyPublishers.noBody()));
        assertThat(response.statusCode()).isIn(405, 400, 403);
    }

    @Test
    void aBodyOfMoreThanTheLimitIsNotRead() throws Exception {
        HttpResponse<String> response =
                post("/api/query", "{\"path\":\"users:me\",\"args\":{\"a\":\"" + "x".repeat(1_100_000) + "\"}}");
        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void aMomentCanBeAskedLaterByWhoeverMaySeeWhatIsThere() throws Exception {
        demo.demo().workOs().createUser(NewUser.named("mo@moments.test", "Mo", "Ment"));
        String[] mo = {
            "Authorization",
            "Bearer " + demo.visitor().signIn("mo@moments.test").accessToken()
        };
        demo.settled();
        writeBio("Before", mo);
        String ts = json(post("/api/query_ts", "")).get("ts").asString();
        assertThat(ts).hasSize(12);
        String atTs = ME.replace("}]}", "}],\"ts\":\"" + ts + "\"}");
        writeBio("Later", mo);
        assertThat(json(post("/api/query_at_ts", atTs, mo)).at("/value/bio").asString())
                .isEqualTo("Before");
        assertThat(json(post("/api/query", ME, mo)).at("/value/bio").asString()).isEqualTo("Later");
        assertThat(json(post("/api/query_at_ts", atTs)).get("value").isNull()).isTrue();
        assertThat(post("/api/query_at_ts", atTs, "Authorization", "Bearer x.y.z")
                        .statusCode())
                .isEqualTo(401);
        assertThat(post("/api/query_at_ts", atTs, "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
    }

    private static void writeBio(String bio, String... headers) throws Exception {
        String change = "{\"path\":\"profiles:update\",\"args\":{\"bio\":\"" + bio + "\"}}";
        assertThat(json(post("/api/mutation", change, headers)).get("status").asString())
                .isEqualTo("success");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none|400|InvalidTimestamp",
                "soon|400|InvalidTimestamp",
                "/////////38=|400|InvalidTimestamp",
                "AAAAAAAAAAA=|410|SnapshotGone"
            })
    void aMomentThatIsNoneIsRefusedInWords(String ts, int status, String code) throws Exception {
        String body = ts == null ? ME : ME.replace("}]}", "}],\"ts\":\"" + ts + "\"}");
        HttpResponse<String> response = post("/api/query_at_ts", body);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).get("code").asString()).isEqualTo(code);
    }
}
