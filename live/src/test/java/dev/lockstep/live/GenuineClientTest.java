package dev.lockstep.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.PostgresExtension;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The genuine npm client against the live room over a real socket. The programs are in {@code testing/clients}. */
class GenuineClientTest {
    @Order(1)
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.copyOf("live", LiveHouse::prepare);

    @Order(2)
    @RegisterExtension
    final GenuineClient client = new GenuineClient(postgres);

    @Test
    void optimisticValuesNeverFlickerAndNeverApplyTwice() throws Exception {
        JsonNode seen = client.run("live-optimistic.mjs");
        List<Integer> values =
                seen.get("values").valueStream().map(JsonNode::intValue).toList();
        assertThat(values).isSorted().startsWith(0).endsWith(60).allMatch(value -> value <= 60);
        assertThat(seen.get("promised").valueStream().map(JsonNode::intValue)).isSorted();
        assertThat(seen.get("readBack").valueStream().allMatch(JsonNode::booleanValue))
                .isTrue();
        assertThat(client.total()).isEqualTo(60);
    }

    @Test
    void aMutationQueuedWhileTheServerIsDownRunsOnceAfterwards() throws Exception {
        JsonNode seen = client.run("live-restart.mjs");
        assertThat(seen.get("values").valueStream().map(JsonNode::intValue))
                .isSorted()
                .startsWith(0)
                .endsWith(3);
        assertThat(seen.get("blinks").intValue()).isZero();
        assertThat(client.total()).isEqualTo(3);
    }

    @Test
    void aMutationWhoseResponseIsLostRunsOnceAndTheValueNeverFlickers() throws Exception {
        JsonNode seen = client.run("live-lost-response.mjs");
        assertThat(seen.get("values").valueStream().map(JsonNode::intValue))
                .isSorted()
                .startsWith(0)
                .endsWith(10);
        assertThat(seen.get("blinks").intValue()).isZero();
        assertThat(client.total()).isEqualTo(10);
        assertThat(client.house().mutationRuns).hasValue(10);
    }

    @Test
    void errorsArriveAsTheKindTheyAre() throws Exception {
        JsonNode seen = client.run("live-errors.mjs");
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
        JsonNode seen = client.run("live-auth.mjs");
        assertThat(seen.get("signedIn").intValue()).isEqualTo(1);
        assertThat(seen.get("afterRevocation").intValue()).isEqualTo(2);
        assertThat(seen.get("forced").booleanValue()).isTrue();
        assertThat(seen.get("signedOut").intValue()).isZero();
        assertThat(seen.get("badToken").valueStream().map(JsonNode::booleanValue))
                .endsWith(false);
    }

    @Test
    void reactHooksRenderLiveValuesAndNeverBlinkOverAReconnect() throws Exception {
        JsonNode seen = client.run("live-react.mjs");
        List<String> texts =
                seen.get("texts").valueStream().map(JsonNode::asString).toList();
        assertThat(texts.getFirst()).isEqualTo("loading");
        assertThat(texts.subList(1, texts.size()))
                .doesNotContain("loading")
                .isSorted()
                .endsWith("3");
        assertThat(client.total()).isEqualTo(3);
    }

    @Test
    void pagesStayWholeWhileRowsComeAndGoAndTheConnectionBreaks() throws Exception {
        JsonNode seen = client.run("live-pages.mjs");
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
        JsonNode seen = client.run("live-http.mjs");
        assertThat(seen.get("sum").intValue()).isEqualTo(2);
        assertThat(seen.get("action").intValue()).isEqualTo(4);
        assertThat(seen.at("/fetched/0/owner").asString()).isEqualTo("user_ada");
        assertThat(seen.get("inOrder").valueStream().map(JsonNode::intValue).toList())
                .isEqualTo(IntStream.rangeClosed(1, 12).boxed().toList());
        assertThat(seen.get("atOnce").valueStream().map(JsonNode::intValue).toList())
                .isEqualTo(IntStream.rangeClosed(13, 18).boxed().toList());
        assertThat(seen.at("/mine/0/owner").asString()).isEqualTo("user_ada");
        assertThat(seen.at("/told/data/code").asString()).isEqualTo("FORBIDDEN");
        assertThat(seen.at("/unknown").asString()).contains("There is no public query 'counters:secret'");
        assertThat(seen.at("/badToken").asString()).contains("Unauthenticated").contains("The token is not good.");
        assertThat(seen.get("consistent").valueStream().map(JsonNode::intValue)).containsExactly(4, 4);
        assertThat(seen.get("newest").intValue()).isEqualTo(5);
        assertThat(seen.get("anotherMoment").intValue()).isEqualTo(5);
        assertThat(seen.get("mineThen").size()).isZero();
        assertThat(seen.get("ended").asString()).contains("SnapshotGone").contains("30 seconds");
        assertThat(seen.at("/preloaded").intValue()).isEqualTo(5);
        assertThat(seen.at("/types/big").asString()).isEqualTo("bigint 7");
        assertThat(seen.at("/types/bytes").asString()).isEqualTo("1,2,3");
        assertThat(seen.at("/lossy/value/big").asString()).isEqualTo("7");
        assertThat(seen.at("/broken").intValue()).isEqualTo(400);
    }
}
