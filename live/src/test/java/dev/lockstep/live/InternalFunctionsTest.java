package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.function.ActionContext;
import dev.lockstep.live.function.LiveAction;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.LiveMutation;
import dev.lockstep.live.function.LiveQuery;
import dev.lockstep.live.http.FunctionsOverHttp;
import dev.lockstep.live.types.ApiFile;
import dev.lockstep.testing.PostgresExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What only other functions may call, asked for in every way that a stranger has. */
class InternalFunctionsTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private final AtomicInteger runs = new AtomicInteger();
    private final Hidden hidden = new Hidden();
    private LiveHouse house;

    /** One of each kind, and a way in that is meant. */
    final class Hidden {
        @LiveQuery(value = "inner:query", internal = true)
        int query() {
            return runs.incrementAndGet();
        }

        @LiveMutation(value = "inner:mutation", internal = true)
        int mutation() {
            return runs.incrementAndGet();
        }

        @LiveAction(value = "inner:action", internal = true)
        int action() {
            return runs.incrementAndGet();
        }

        @LiveAction("outer:action")
        Object outer(ActionContext context) {
            context.query("inner:query", Map.of());
            return context.mutation("inner:mutation", Map.of());
        }
    }

    @BeforeEach
    void open() {
        house = LiveHouse.with(
                postgres.dataSource(), LiveFunctions.builder().add(hidden).build());
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void neitherHttpNorTheSocketReachesThemInAnyKindAndTheAnswerIsThatOfAnUnknownName() {
        FunctionsOverHttp http = house.http(LiveHouse::verdict);
        List<String> names = List.of("query", "mutation", "action", "nosuch");
        for (FunctionsOverHttp.Kind kind :
                List.of(FunctionsOverHttp.Kind.QUERY, FunctionsOverHttp.Kind.MUTATION, FunctionsOverHttp.Kind.ACTION)) {
            assertThat(names)
                    .extracting(name -> http.answer(kind, "{\"path\":\"inner:%s\",\"args\":[{}]}".formatted(name), null)
                            .body()
                            .replace("inner:" + name, "inner:x"))
                    .as("%s over HTTP", kind)
                    .containsOnly(
                            "{\"status\":\"error\",\"errorMessage\":\"There is no public %s 'inner:x' on this server\",\"logLines\":[]}"
                                    .formatted(kind.name().toLowerCase(java.util.Locale.ROOT)));
        }
        FakeBrowser page = FakeBrowser.open(house.engine).connect(0);
        List<String> told = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String path = "inner:" + names.get(i);
            long id = i;
            page.follow(id, path, "{}").mutate(id, path, "{}").awaitResolved(id);
            page.act(100 + id, path, "{}")
                    .await(
                            "the action " + path,
                            browser -> browser.framesOf("ActionResponse").size() > id);
            told.add(page.responses.get(id).get("result").asString().replace(path, "inner:x"));
            told.add(page.framesOf("ActionResponse")
                    .get(i)
                    .get("result")
                    .asString()
                    .replace(path, "inner:x"));
        }
        assertThat(told)
                .containsOnly(
                        "There is no public mutation 'inner:x' on this server",
                        "There is no public action 'inner:x' on this server");
        page.await("the refused queries", browser -> failures(browser).size() == names.size());
        assertThat(failures(page)).allMatch(message -> message.startsWith("There is no public query 'inner:"));
        assertThat(runs).hasValue(0);
    }

    @Test
    void anActionReachesThemAndTheTypesOfThePageDoNotNameThem() {
        FakeBrowser page = FakeBrowser.open(house.engine).connect(0).modify();
        page.act(0, "outer:action", "{}")
                .await(
                        "the reply",
                        browser -> !browser.framesOf("ActionResponse").isEmpty());
        assertThat(page.framesOf("ActionResponse").getFirst().get("result").intValue())
                .isEqualTo(2);
        assertThat(ApiFile.of(LiveFunctions.builder().add(hidden).build(), "Api"))
                .contains("outer")
                .doesNotContain("inner");
    }

    private static List<String> failures(FakeBrowser page) {
        return page.framesOf("Transition").stream()
                .flatMap(frame -> frame.get("modifications").valueStream())
                .filter(change -> change.get("type").asString().equals("QueryFailed"))
                .map(change -> change.get("errorMessage"))
                .map(JsonNode::asString)
                .toList();
    }
}
