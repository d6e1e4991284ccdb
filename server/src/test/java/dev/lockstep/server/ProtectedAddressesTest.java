package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/**
 * Every address of the server is either open to strangers by a decision that stands here, or refuses whoever has no
 * session. An address that is mapped tomorrow is protected or fails this test.
 */
class ProtectedAddressesTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    /** What a stranger may ask, and why. */
    private static final Map<String, String> OPEN = Map.ofEntries(
            Map.entry("GET /", "a page"),
            Map.entry("GET /login", "a page"),
            Map.entry("GET /register", "a page"),
            Map.entry("GET /dashboard", "a page; what it shows is asked for by its script"),
            Map.entry("GET /signed-out", "a page"),
            Map.entry("GET /index.html", "a page"),
            Map.entry("GET /health", "for load balancers"),
            Map.entry("GET /api/auth/config", "what the sign-in page offers"),
            Map.entry("GET /api/auth/login", "the way to WorkOS"),
            Map.entry("GET /api/auth/register", "the way to WorkOS"),
            Map.entry("GET /api/auth/callback", "the way back, held by state and cookie"),
            Map.entry("GET /callback", "the same under its older name"),
            Map.entry("GET /api/auth/logout", "a question, which says that nobody is signed in"),
            Map.entry("POST /api/auth/logout", "ends nothing without a session"),
            Map.entry("* /error", "what the container shows of a failure"));

    /** What stands beside the handlers, each with a door of its own. */
    private static final Set<String> SERVLETS = Set.of(
            "/", // the handlers
            "/api/webhooks/workos", // signatures: WebhookAttacksTest
            "/webhooks/workos",
            "/api/query", // the caller's token: FunctionMatrixTest
            "/api/mutation",
            "/api/action",
            "/api/query_ts",
            "/api/query_at_ts");

    private static final Set<String> MEMBERS =
            Set.of("type", "title", "status", "detail", "instance", "code", "ref", "success", "error", "signInUrl");

    static Stream<String> protectedOnes() {
        return mapped().stream().filter(address -> !OPEN.containsKey(address));
    }

    /** Method and pattern of everything that a handler answers. */
    private static Set<String> mapped() {
        Set<String> all = new TreeSet<>();
        demo.demo()
                .application()
                .getBeansOfType(RequestMappingHandlerMapping.class)
                .values()
                .forEach(mapping -> mapping.getHandlerMethods().keySet().forEach(info -> all.addAll(of(info))));
        return all;
    }

    private static List<String> of(RequestMappingInfo info) {
        List<String> each = new ArrayList<>();
        for (String pattern : info.getPatternValues()) {
            if (info.getMethodsCondition().getMethods().isEmpty()) {
                each.add("* " + pattern);
            }
            info.getMethodsCondition().getMethods().forEach(method -> each.add(method + " " + pattern));
        }
        return each;
    }

    @Test
    void everyOpenAddressIsThereAndTheOthersAreMany() {
        assertThat(mapped()).containsAll(OPEN.keySet()).hasSizeGreaterThan(OPEN.size() + 10);
    }

    @Test
    void nothingElseListens() {
        ServletContext context =
                ((ServletWebServerApplicationContext) demo.demo().application()).getServletContext();
        Set<String> served = new TreeSet<>();
        context.getServletRegistrations().forEach((name, servlet) -> {
            if (!name.equals("default") && !name.equals("jsp")) {
                served.addAll(servlet.getMappings());
            }
        });
        assertThat(served).isEqualTo(new TreeSet<>(SERVLETS));
    }

    @ParameterizedTest
    @MethodSource("protectedOnes")
    void whoHasNoSessionIsRefusedInOneShape(String address) {
        isRefused(ask(demo.visitor(), address), "UNAUTHORIZED");
    }

    @ParameterizedTest
    @MethodSource("protectedOnes")
    void whoseSessionIsNotValidIsRefusedInTheSameShape(String address) {
        Visitor forger = demo.visitor();
        forger.cookies.put(Visitor.SESSION, "Fe26.2*1*forged*a*b*1*c*d~2");
        HttpResponse<String> answer = ask(forger, address);
        isRefused(answer, "INVALID_SESSION");
        assertThat(Visitor.clearsTheSession(answer)).isTrue();
    }

    private static HttpResponse<String> ask(Visitor visitor, String address) {
        String method = address.substring(0, address.indexOf(' '));
        String path = address.substring(address.indexOf(' ') + 1).replaceAll("\\{[^}]*}", "some_id");
        return method.equals("GET")
                ? visitor.get(path + "?maxAge=60", "Accept", "application/json")
                : visitor.send(
                        method,
                        path,
                        BodyPublishers.ofString("{}"),
                        "Accept",
                        "application/json",
                        "Content-Type",
                        "application/json");
    }

    private static void isRefused(HttpResponse<String> answer, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        JsonNode body = Visitor.json(answer);
        assertThat(Set.copyOf(body.propertyNames())).isEqualTo(MEMBERS);
        assertThat(body.get("code").asString()).isEqualTo(code);
        assertThat(body.get("status").asInt()).isEqualTo(401);
        assertThat(body.get("success").asBoolean()).isFalse();
        assertThat(body.at("/error/code").asString()).isEqualTo(code);
        assertThat(body.at("/error/message").asString())
                .isEqualTo(body.get("detail").asString())
                .isNotBlank();
        assertThat(body.get("ref").asString()).matches("[0-9a-f]{16}");
        assertThat(body.get("signInUrl").asString()).isEqualTo("/api/auth/login");
        assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    }
}
