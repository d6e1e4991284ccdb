package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.PostgresExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class LiveActionTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    private LiveHouse house;

    @BeforeEach
    void open() {
        house = new LiveHouse(postgres.dataSource());
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void anActionCallsMutationsAsTheCallerAndWhatTheyDidIsLive() {
        FakeBrowser browser = FakeBrowser.open(house.engine).connect(0).authenticate("user:ada");
        browser.follow(0, "counters:get", "{\"name\":\"a\"}").awaitResult(0, "null");
        assertThat(act(browser, 0, "counters:addTwice", "{\"name\":\"a\"}")
                        .get("result")
                        .doubleValue())
                .isEqualTo(2);
        browser.awaitResult(0, "2").follow(1, "counters:mine", "{}");
        browser.awaitResult(1, "[{\"name\":\"a\",\"owner\":\"user_ada\",\"value\":2}]");
    }

    @Test
    void anApplicationErrorOfACalledFunctionKeepsItsData() {
        JsonNode reply = act(FakeBrowser.open(house.engine).connect(0).modify(), 0, "counters:refused", "{}");
        assertThat(reply.get("success").booleanValue()).isFalse();
        assertThat(reply.at("/errorData/code").asString()).isEqualTo("FORBIDDEN");
    }

    @Test
    void anActionMayAskWhatTheWireMayNot() {
        FakeBrowser browser = FakeBrowser.open(house.engine).connect(0).modify();
        assertThat(act(browser, 0, "counters:secretly", "{}").get("result").asString())
                .isEqualTo("secret");
        assertThat(act(browser, 1, "counters:secret", "{}").get("result").asString())
                .isEqualTo("There is no public action 'counters:secret' on this server");
    }

    @Test
    void wrongArgumentsAreToldAndTheSocketStays() {
        FakeBrowser browser = FakeBrowser.open(house.engine).connect(0).modify();
        assertThat(act(browser, 0, "counters:addTwice", "{\"name\":1}")
                        .get("result")
                        .asString())
                .isEqualTo("ArgumentError: Field 'name' must be text");
        assertThat(act(browser, 1, "counters:addTwice", "{\"name\":\"b\"}")
                        .get("success")
                        .booleanValue())
                .isTrue();
        assertThat(browser.closeCode).isZero();
    }

    private static JsonNode act(FakeBrowser browser, long requestId, String path, String args) {
        browser.act(requestId, path, args)
                .await(
                        "the reply to action " + requestId,
                        b -> b.frames.stream().anyMatch(frame -> isReply(frame, requestId)));
        return browser.framesOf("ActionResponse").stream()
                .filter(frame -> isReply(frame, requestId))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isReply(JsonNode frame, long requestId) {
        return frame.get("type").asString().equals("ActionResponse")
                && frame.get("requestId").longValue() == requestId;
    }
}
