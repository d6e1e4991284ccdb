package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The hooks of the genuine npm client, each face of them. The programs are in {@code testing/clients}. */
class GenuineReactTest {
    @Order(1)
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    @Order(2)
    @RegisterExtension
    final GenuineClient client = new GenuineClient(postgres);

    @Test
    void everyHookAndEveryCallOfTheReactClientGetsItsAnswer() throws Exception {
        client.house().sql("INSERT INTO app.counters VALUES ('a', 'x', 3), ('b', 'x', 4)");
        JsonNode seen = client.run("live-hooks.mjs");
        assertThat(seen.get("firstPreloaded").intValue()).isEqualTo(7);
        assertThat(seen.get("whileSkipped").intValue()).isEqualTo(1);
        assertThat(texts(seen.get("beforeChoice"))).containsExactly("nothing yet");
        assertThat(seen.get("action").intValue()).isEqualTo(5);
        assertThat(seen.get("mutation").intValue()).isEqualTo(6);
        assertThat(seen.get("shownAtPromise").intValue()).isEqualTo(10);
        assertThat(seen.get("told").asString()).isEqualTo("FORBIDDEN");
        assertThat(seen.at("/direct/query").intValue()).isEqualTo(10);
        assertThat(seen.at("/direct/mutation").intValue()).isEqualTo(7);
        assertThat(seen.at("/direct/action").intValue()).isEqualTo(9);
        assertThat(seen.get("watched").valueStream().map(JsonNode::intValue)).endsWith(20);
        assertThat(seen.get("error").asString()).contains("ConvexError").contains("FORBIDDEN");
    }

    @Test
    void aPersonSignsInIsRefreshedIsReplacedAndSignsOutUnderTheProviderWithAuth() throws Exception {
        JsonNode seen = client.run("live-provider.mjs");
        assertThat(seen.get("beforeSignIn").intValue()).isZero();
        assertThat(seen.get("forcedAfter").intValue())
                .isGreaterThan(seen.get("forcedBefore").intValue());
        assertThat(texts(seen.get("throughRevocation")))
                .startsWith("loading", "in")
                .doesNotContain("out");
        assertThat(texts(seen.get("states"))).endsWith("out");
        List<String> owners = texts(seen.get("owners"));
        assertThat(owners).contains("ada: user_ada=1", "ada: user_ada=5", "ben: user_ben=2 user_ben=3");
        assertThat(owners).filteredOn(shown -> shown.startsWith("ben")).noneMatch(shown -> shown.contains("ada"));
        assertThat(seen.get("added").intValue()).isEqualTo(3);
    }

    @Test
    void aRowThatIsAddedOptimisticallyToAPagedListIsShownOnceAndWhereItStays() throws Exception {
        JsonNode seen = client.run("live-paged-optimism.mjs");
        assertThat(texts(seen.get("walk")))
                .containsExactly(
                        "LoadingFirstPage", "CanLoadMore", "LoadingMore", "CanLoadMore", "LoadingMore", "Exhausted");
        for (String where : List.of("between", "first", "last")) {
            assertThat(seen.at("/held/" + where + "/kept")).as(where).isEqualTo(seen.at("/held/" + where + "/early"));
        }
        assertThat(texts(seen.get("end")))
                .containsExactly("c00", "c01", "c02", "c02x", "c03", "c04", "c05", "c06", "c07", "c08", "d00");
        for (JsonNode list : seen.get("lists")) {
            assertThat(texts(list)).isSorted().doesNotHaveDuplicates();
        }
        assertThat(texts(seen.get("statuses"))).isEqualTo(texts(seen.get("walk")));
    }

    @Test
    void pagesNeitherOverlapNorLeaveAGapWhileRowsAtTheirEndsComeAndGo() throws Exception {
        JsonNode seen = client.run("live-boundaries.mjs");
        assertThat(seen.get("broken").intValue()).isZero();
        assertThat(texts(seen.get("statuses")))
                .contains("LoadingMore", "Exhausted")
                .doesNotContain("Error");
        assertThat(texts(seen.get("end"))).isEqualTo(client.names());
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }
}
